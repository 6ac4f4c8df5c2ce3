// The options for a cluster, on the command line and in a configuration file, and its files.

#include "apps/server/cluster_options.hpp"
#include "apps/server/cluster_start.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/temporary_folder.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <CLI/CLI.hpp>

using namespace confab;
using server::cluster_options;

namespace {

using arguments = std::vector<std::string>;

/// What became of options: what was chosen, or what is wrong.
using outcome = std::variant<cluster_options, std::string>;

outcome parse(arguments all) {
  CLI::App app;
  cluster_options chosen;
  std::string port;
  app.add_option("PORT", port);
  server::declare_cluster_options(app, chosen);
  app.set_config("--config");
  app.allow_config_extras(CLI::config_extras_mode::error);
  std::reverse(all.begin(), all.end());  // As CLI11 wants them.
  try {
    app.parse(all);
  } catch (const CLI::ParseError& mistake) {
    return std::string{mistake.what()};
  }
  if (auto problem = server::complete(chosen))
    return *problem;
  return chosen;
}

cluster_options good(const arguments& all) {
  auto result = parse(all);
  if (const auto* problem = std::get_if<std::string>(&result))
    FAIL(*problem);
  return std::get<cluster_options>(result);
}

std::string mistake(const arguments& all) {
  const auto result = parse(all);
  const auto* problem = std::get_if<std::string>(&result);
  REQUIRE(problem != nullptr);
  CHECK(problem->find('\n') == std::string::npos);
  return *problem;
}

bool holds(const std::string& text, const std::string& part) {
  UNSCOPED_INFO(text);
  return text.find(part) != std::string::npos;
}

/// Options that are right, and more of them.
arguments with(const arguments& more) {
  arguments result{"--node",         "north",  "--cluster",
                   "127.0.0.1:7400", "--peer", "south=127.0.0.1:7401"};
  result.insert(result.end(), more.begin(), more.end());
  return result;
}

arguments on_loopback(const std::string& node, const std::string& address) {
  return {"--node", node, "--cluster", address, "--peer", "south=127.0.0.1:7401"};
}

/// A cluster's authority, and the files of a node.
class cluster_files {
 public:
  cluster_files() {
    authority = test::make_identity({.name = "ca", .alternatives = "", .is_authority = true});
    files = {folder.write("north.crt", ""), folder.write("north.key", ""),
             folder.write("ca.crt", test::pem_of(authority.certificate))};
    put(test::make_identity({.name = "north"}, &authority));
  }

  void put(const test::identity& own) const {
    folder.write("north.crt", test::pem_of(own.certificate));
    folder.write("north.key", test::pem_of(own.key));
  }

  std::string problem() const {
    auto loaded = load_mutual_tls(files);
    const auto* problem = std::get_if<mutual_tls_problem>(&loaded);
    return problem != nullptr ? problem->line : "";
  }

  test::temporary_folder folder;
  test::identity authority;
  mutual_tls_files files;
};

}  // namespace

TEST_CASE("without options a server stands alone") {
  const auto chosen = good({});
  CHECK_FALSE(chosen.is_wanted());
  CHECK_FALSE(chosen.is_encrypted());
}

TEST_CASE("a node has a name, an address and peers") {
  const auto chosen = good(with({"--peer", "west-2=localhost:1", "--peer", "east=[::1]:65535"}));
  CHECK(chosen.is_wanted());
  CHECK(chosen.node == "north");
  CHECK(chosen.bind_host == "127.0.0.1");
  CHECK(chosen.bind_port == 7400);
  CHECK(chosen.peers == std::vector<cluster_peer>{{"south", "127.0.0.1", 7401},
                                                  {"west-2", "localhost", 1},
                                                  {"east", "::1", 65535}});
}

TEST_CASE("the port of the server may stand behind a peer") {
  CHECK(good(with({"--peer", "west=localhost:1", "17374"})).peers.size() == 2);
}

TEST_CASE("a configuration file says the same") {
  const test::temporary_folder folder;
  const auto chosen = good({"--config", folder.write("confab.conf",
                                                     "node=north\n"
                                                     "cluster=127.0.0.1:7400\n"
                                                     "peer=[\"south=127.0.0.1:7401\", "
                                                     "\"west=127.0.0.1:7402\"]\n")});
  CHECK(chosen.node == "north");
  CHECK(chosen.peers.size() == 2);
}

TEST_CASE("a name of a node is 1 to 20 of a-z, 0-9 and the hyphen, which is not the first") {
  for (const std::string& name : {std::string{"a"}, std::string(20, 'z'), std::string{"eu-1"},
                                  std::string{"0-"}, std::string{"cab"}})
    CHECK(good(on_loopback(name, "127.0.0.1:0")).node == name);
  for (const std::string& name : {std::string(21, 'z'), std::string{"North"}, std::string{"a b"},
                                  std::string{"n_1"}, std::string{"n.1"}, std::string{"nörd"}})
    CHECK(holds(mistake(on_loopback(name, "127.0.0.1:0")),
                "--node: '" + name + "' is no name for a node"));
  CHECK(holds(mistake(with({"--peer", "West=127.0.0.1:1"})), "'West' is no name for a node"));
  CHECK(holds(mistake({"--node=-a", "--cluster", "127.0.0.1:0"}), "'-a' is no name for a node"));
  CHECK(holds(mistake(with({"--peer=-a=127.0.0.1:1"})), "'-a' is no name for a node"));
  CHECK(holds(mistake(with({"--peer", "=127.0.0.1:1"})), "'' is no name for a node"));
}

TEST_CASE("no node is called as the files of the authority are") {
  CHECK(holds(mistake(on_loopback("ca", "127.0.0.1:0")), "'ca' is no name for a node"));
  CHECK(holds(mistake(with({"--peer", "ca=127.0.0.1:1"})), "not 'ca', as the files of the"));
}

TEST_CASE("what a node cannot do without is asked for") {
  CHECK(holds(mistake({"--cluster", "127.0.0.1:1"}), "--node is missing"));
  CHECK(holds(mistake({"--peer", "south=127.0.0.1:1"}), "--node is missing"));
  CHECK(holds(mistake({"--cluster-ca", "ca.crt"}), "--node is missing"));
  CHECK(holds(mistake({"--node", "north"}), "--cluster is missing"));
  CHECK(holds(mistake({"--node", "north", "--cluster", "127.0.0.1:1"}), "--peer is missing"));
  CHECK(holds(mistake(with({"--cluster-certificate", "a"})), "--cluster-key is missing"));
  CHECK(holds(mistake(with({"--cluster-key", "a", "--cluster-ca", "a"})),
              "--cluster-certificate is missing"));
  CHECK(holds(mistake(with({"--cluster-certificate", "a", "--cluster-key", "a"})),
              "--cluster-ca is missing"));
}

TEST_CASE("an address has a port") {
  for (const std::string address :
       {"127.0.0.1", "127.0.0.1:", ":7400", "::1:7400", "[::1]", "[]:7400", "127.0.0.1:70000",
        "127.0.0.1:-1", "127.0.0.1:7x", "[127.0.0.1]:7400", "a b:7400", "a/b:7400"}) {
    CHECK(holds(mistake(on_loopback("north", address)), "'" + address + "' is no address"));
    CHECK(holds(mistake(with({"--peer", "west=" + address})), "'" + address + "' is no host"));
  }
  CHECK(good(on_loopback("north", "[::1]:0")).bind_host == "::1");
  CHECK(good(on_loopback("north", "localhost:0")).bind_host == "localhost");
  CHECK(holds(mistake(with({"--peer", "west=127.0.0.1:0"})), "is no host with a port"));
  CHECK(holds(mistake(with({"--peer", "west"})), "a peer is NAME=HOST:PORT"));
}

TEST_CASE("peers are others, each once, and 7 at most") {
  CHECK(holds(mistake(with({"--peer", "north=127.0.0.1:1"})), "is the name of this node"));
  CHECK(holds(mistake(with({"--peer", "south=127.0.0.1:1"})), "there is a peer 'south' already"));
  arguments many;
  for (int i = 2; i <= 7; ++i)
    many.insert(many.end(), {"--peer", "n" + std::to_string(i) + "=127.0.0.1:1"});
  CHECK(good(with(many)).peers.size() == 7);
  many.insert(many.end(), {"--peer", "n8=127.0.0.1:1"});
  CHECK(holds(mistake(with(many)), "a node has 7 peers at most"));
}

TEST_CASE("a port that others can reach is not opened without certificates") {
  for (const std::string host : {"0.0.0.0", "10.0.0.1", "128.0.0.1", "[::]", "[fd00::1]",
                                 "[::ffff:10.0.0.1]", "north.example.org"}) {
    CHECK(holds(mistake(on_loopback("north", host + ":7400")),
                "is no loopback address, and is "
                "not opened without TLS"));
    CHECK(holds(mistake(with({"--peer", "west=" + host + ":7400"})),
                "is no loopback address, and is not dialled without TLS"));
    auto encrypted = on_loopback("north", host + ":7400");
    encrypted.insert(encrypted.end(), {"--peer", "west=" + host + ":7400", "--cluster-certificate",
                                       "a", "--cluster-key", "b", "--cluster-ca", "c"});
    const auto chosen = good(encrypted);
    CHECK(chosen.is_encrypted());
    CHECK(chosen.files.authority == "c");
  }
  for (const std::string host :
       {"127.0.0.1", "127.1.2.3", "[::1]", "localhost", "[::ffff:127.0.0.1]"})
    CHECK(good(on_loopback("north", host + ":7400")).bind_port == 7400);
}

TEST_CASE("the files of a node are right") {
  const cluster_files cluster;
  CHECK(cluster.problem().empty());
  auto loaded = load_mutual_tls(cluster.files);
  CHECK(std::get<mutual_tls_ptr>(loaded)->not_after() > std::chrono::system_clock::now());
}

TEST_CASE("a file that is not there is named") {
  const cluster_files cluster;
  for (const auto& file : {cluster.files.certificate, cluster.files.key, cluster.files.authority}) {
    const auto moved = file + ".moved";
    std::filesystem::rename(file, moved);
    CHECK(holds(cluster.problem(), file + ": No such file or directory"));
    std::filesystem::rename(moved, file);
  }
  CHECK(cluster.problem().empty());
}

TEST_CASE("a certificate that the authority has not signed is refused") {
  const cluster_files cluster;
  const auto other = test::make_identity({.name = "ca", .alternatives = "", .is_authority = true});
  cluster.put(test::make_identity({.name = "north"}, &other));
  CHECK(holds(cluster.problem(), "north.crt was not signed by the authority of this cluster"));
  cluster.put(test::make_identity({.name = "north"}));
  CHECK(holds(cluster.problem(), "north.crt was not signed by the authority of this cluster"));
}

TEST_CASE("a certificate out of its time is refused") {
  const cluster_files cluster;
  cluster.put(
      test::make_identity({.name = "north", .from_days = -3, .to_days = -1}, &cluster.authority));
  CHECK(holds(cluster.problem(), "north.crt has expired"));
  cluster.put(
      test::make_identity({.name = "north", .from_days = 1, .to_days = 3}, &cluster.authority));
  CHECK(holds(cluster.problem(), "north.crt is not valid yet"));
}

TEST_CASE("a key of another certificate is refused") {
  const cluster_files cluster;
  cluster.folder.write("north.key", test::pem_of(test::make_key()));
  CHECK(holds(cluster.problem(), "does not belong to the certificate"));
  cluster.folder.write("north.key", "nonsense");
  CHECK(holds(cluster.problem(), "north.key is no private key"));
  cluster.folder.write("ca.crt", "nonsense");
  cluster.put(test::make_identity({.name = "north"}, &cluster.authority));
  CHECK(holds(cluster.problem(), "ca.crt is no certificate"));
}

TEST_CASE("a cluster that cannot be opened says why in one line") {
  const cluster_files cluster;
  auto chosen = good(on_loopback("north", "127.0.0.1:0"));
  auto opened = server::open_cluster(chosen);
  REQUIRE(std::holds_alternative<server::opened_cluster>(opened));
  const auto port = std::get<server::opened_cluster>(opened).port.port;
  chosen.address = "127.0.0.1:" + std::to_string(port);
  chosen.bind_port = port;
  const auto taken = server::open_cluster(chosen);
  REQUIRE(std::holds_alternative<std::string>(taken));
  CHECK(std::get<std::string>(taken) ==
        "cannot listen on cluster port " + chosen.address + ": Address already in use");
}

TEST_CASE("a file that is no good is blamed on the option that names it") {
  const cluster_files cluster;
  auto chosen = good(on_loopback("north", "127.0.0.1:0"));
  const auto problem_with = [&](std::string mutual_tls_files::*which, const std::string& path) {
    chosen.files = cluster.files;
    chosen.files.*which = path;
    const auto opened = server::open_cluster(chosen);
    return std::get<std::string>(opened);
  };
  using files = mutual_tls_files;
  CHECK(problem_with(&files::certificate, "/no") ==
        "--cluster-certificate: cannot read the certificate file /no: No such file or directory; "
        "scripts/make-certificate --cluster makes it");
  CHECK(problem_with(&files::key, "/no") ==
        "--cluster-key: cannot read the key file /no: No such file or directory; "
        "scripts/make-certificate --cluster makes it");
  CHECK(problem_with(&files::authority, "/no") ==
        "--cluster-ca: cannot read the certificate file /no: No such file or directory; "
        "scripts/make-certificate --cluster makes it, once for all nodes: copy ca.crt from where "
        "it has made it");
  CHECK(holds(problem_with(&files::certificate, cluster.files.key), "--cluster-certificate: "));
  CHECK(holds(problem_with(&files::key, cluster.files.certificate), "--cluster-key: "));
  CHECK(holds(problem_with(&files::authority, cluster.files.key), "--cluster-ca: "));
  CHECK(holds(
      problem_with(&files::key, cluster.folder.write("other.key", test::pem_of(test::make_key()))),
      "--cluster-key: the key in"));
  CHECK(holds(problem_with(&files::authority, cluster.files.certificate),
              "--cluster-certificate: the certificate in"));
}
