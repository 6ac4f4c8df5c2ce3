#include "io/dialects/irc/encoding.hpp"
#include "io/dialects/irc/line_tags.hpp"
#include "io/dialects/irc/line_writer.hpp"
#include "io/dialects/irc/tags.hpp"

#include <string>
#include <string_view>

namespace confab::irc {
namespace {

// Of the batch that holds the answer to one request. It is closed before the next one begins, so
// all of them can have the same reference.
constexpr std::string_view answer_batch = "answer";

// A label comes as it was sent, so it is escaped already, and goes back as it is. What a tag cannot
// hold is escaped all the same, so that no label can end the tags.
std::string label_tag(std::string_view label) {
  std::string result = "label=";
  if (label.find_first_of(std::string_view{"; \r\n\0", 5}) == std::string_view::npos)
    result += label;
  else
    append_escaped(label, result);
  return result;
}

// A line of a batch inside of this one stays in that.
void append_in_batch(std::string_view line, std::string_view batch_tag, std::string& out) {
  if (has_tag(line, "batch"))
    out += line;
  else
    append_tagged(line, batch_tag, out);
}

std::string in_batch(std::string_view lines, std::string_view batch) {
  const auto tag = std::string{"batch="}.append(batch);
  std::string result;
  while (!lines.empty())
    append_in_batch(take_line(lines), tag, result);
  return result;
}

// Whether the lines are one batch from its first line to its last. What they hold cannot end a
// line, so only the end of the batch looks like it.
bool are_one_batch(std::string_view lines, std::string_view server) {
  const auto begin = std::string{":"}.append(server).append(" BATCH +");
  if (!lines.starts_with(begin))
    return false;
  const auto reference = lines.substr(begin.size(), lines.find(' ', begin.size()) - begin.size());
  const auto end = std::string{"\n:"}.append(server).append(" BATCH -").append(reference) + "\r\n";
  const auto found = lines.find(end);
  return found != std::string_view::npos && found + end.size() == lines.size();
}

bool is_text(std::string_view verb) {
  return verb == "PRIVMSG" || verb == "NOTICE" || verb == "TAGMSG";
}

std::string labelled(std::string_view lines, const asking& asked, const settings& shared) {
  const auto tag = label_tag(asked.label);
  std::string result;
  if (lines.empty()) {
    line_writer{result, shared.server_name, "ACK", tag}.end();
    return result;
  }
  auto rest = lines;
  const auto first = take_line(rest);
  if (rest.empty()) {
    append_tagged(first, tag, result);
    return result;
  }
  // A text to oneself comes twice: as a delivery, and as the echo, which has the label.
  if (is_text(asked.verb) && first == rest) {
    result += first;
    append_tagged(rest, tag, result);
    return result;
  }
  if (are_one_batch(lines, shared.server_name)) {
    append_tagged(first, tag, result);
    result += rest;
    return result;
  }
  const auto opened = std::string{"+"}.append(answer_batch);
  const auto closed = std::string{"-"}.append(answer_batch);
  line_writer{result, shared.server_name, "BATCH", tag}
      .middle(opened)
      .middle("labeled-response")
      .end();
  result += in_batch(lines, answer_batch);
  line_writer{result, shared.server_name, "BATCH"}.middle(closed).end();
  return result;
}

}  // namespace

void mark_answers(const asking& asked, const settings& shared, std::string& out) {
  if (!asked.batch.empty())
    out = in_batch(out, asked.batch);
  else if (!asked.label.empty())
    out = labelled(out, asked, shared);
}

}  // namespace confab::irc
