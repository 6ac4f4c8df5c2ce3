// Which news of members a room waits for.

#include "actors/awaited_news.hpp"

#include "tests/support/catch.hpp"

using namespace confab;

TEST_CASE("awaited news: whoever waits for the latest waits for those before them too") {
  awaited_news news;
  CHECK(news.have_come(news.latest()));
  news.begin(10);
  news.begin(20);
  const auto both = news.latest();
  news.end(20);
  CHECK_FALSE(news.have_come(both));
  news.end(10);
  CHECK(news.have_come(both));
  CHECK(news.empty());
}

TEST_CASE("awaited news: whoever waits does not wait for what is announced later") {
  awaited_news news;
  news.begin(10);
  const auto first = news.latest();
  news.begin(20);
  news.end(10);
  CHECK(news.have_come(first));
  CHECK_FALSE(news.have_come(news.latest()));
}

TEST_CASE("awaited news: what is announced twice comes once, and what was not announced is none") {
  awaited_news news;
  news.begin(10);
  news.begin(10);
  news.end(30);
  CHECK_FALSE(news.empty());
  news.end(10);
  CHECK(news.empty());
}
