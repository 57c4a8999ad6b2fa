// What is handed on is whole characters, all of the text before a stop text, and the same however it was cut.
#include "runtime/src/TextStream.h"

#include <gtest/gtest.h>

#include <random>

using namespace rwkvc;

namespace {

struct Result {
  std::string text;
  bool stopped = false;
  bool operator==(const Result &) const = default;
};

// Hands `text` in, cut after every byte whose bit is set.
Result run(std::string_view text, const std::vector<std::string_view> &stops, uint64_t cuts) {
  TextStream stream(stops);
  Result result;
  auto take = [&] {
    result.text += stream.ready();
    stream.clearReady();
  };
  size_t begin = 0;
  for (size_t end = 1; end <= text.size(); ++end) {
    if (end < text.size() && !(cuts >> (end - 1) & 1))
      continue;
    result.stopped = stream.append(text.substr(begin, end - begin));
    take();
    if (result.stopped)
      return result;
    begin = end;
  }
  stream.finish();
  take();
  return result;
}

void expectEverySplit(std::string_view text, const std::vector<std::string_view> &stops, const Result &expected) {
  ASSERT_LE(text.size(), 16u);
  for (uint64_t cuts = 0; cuts < uint64_t{1} << (text.size() - 1); ++cuts)
    ASSERT_EQ(run(text, stops, cuts), expected) << text << ", cuts " << cuts;
}

} // namespace

TEST(TextStream, CharactersStayWhole) {
  expectEverySplit("a\u00e9\u4e16\U0001f600z", {}, {"a\u00e9\u4e16\U0001f600z"});
  for (std::string_view cut : {"\xc3", "\xe4\xb8", "\xf0\x9f\x98"}) {
    TextStream stream({"b"});
    stream.append("\u00e9");
    EXPECT_EQ(stream.ready(), "\u00e9");
    stream.append(cut);
    EXPECT_EQ(stream.ready(), "");
    stream.append("a");
    EXPECT_EQ(stream.ready(), std::string(cut) + "a") << "it did not become a character";
  }
  TextStream stream({});
  stream.append("x\xf0\x9f");
  EXPECT_EQ(stream.ready(), "x");
  stream.append("\x98");
  EXPECT_EQ(stream.ready(), "");
  stream.append("\x80");
  EXPECT_EQ(stream.ready(), "\U0001f600");
}

TEST(TextStream, InvalidBytesPass) {
  for (std::string_view text : {"\xff\xfe"
                                "a",
                                "\x80\x80\x80\x80", "\xc3(", "\xe2\x82\xe2\x82\xac", "\xf0\x9f\x98", "\xc0\x80",
                                "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xe0\x80\x80", "\xf4\x90\x80\x80", "a\xf0"})
    expectEverySplit(text, {}, {std::string(text)});
}

TEST(TextStream, IncompleteBytes) {
  EXPECT_EQ(incompleteBytes(""), 0u);
  EXPECT_EQ(incompleteBytes("\xc3"), 1u);
  EXPECT_EQ(incompleteBytes("\xc3\xa9"), 0u);
  EXPECT_EQ(incompleteBytes("a\xe4\xb8"), 2u);
  EXPECT_EQ(incompleteBytes("\xf0\x9f\x98"), 3u);
  EXPECT_EQ(incompleteBytes("\xed\xa0"), 0u) << "half of a surrogate never becomes a character";
  EXPECT_EQ(incompleteBytes("\xe0\x9f"), 0u) << "an overlong form";
  EXPECT_EQ(incompleteBytes("\xf4\x90"), 0u) << "past the last character";
  EXPECT_EQ(incompleteBytes("\xc1"), 0u);
  EXPECT_EQ(incompleteBytes("\x80\x80\x80\x80"), 0u);
}

TEST(TextStream, StopsInsideAndAcrossTokens) {
  expectEverySplit("one\n\ntwo", {"\n\n"}, {"one", true});
  expectEverySplit("a\n\nUs\n\nUser:b", {"\n\nUser:"}, {"a\n\nUs", true});
  expectEverySplit("aaab", {"aab"}, {"a", true});
  expectEverySplit("abababc", {"ababc"}, {"ab", true});
  expectEverySplit("caf\u00e9|x", {"\u00e9|"}, {"caf", true});
  expectEverySplit("a\u00e8|x", {"\u00e9"}, {"a\u00e8|x"}); // shares its first byte with the stop text
  expectEverySplit("no stop\n", {"\n\n"}, {"no stop\n"});
  expectEverySplit("stop", {"stop"}, {"", true});
}

TEST(TextStream, TheFirstCompleteStopCounts) {
  expectEverySplit("xabcd", {"abcd", "bc"}, {"xa", true});
  expectEverySplit("xabcd", {"bc", "abc"}, {"x", true}); // both end at once: the longer
  expectEverySplit("xaby", {"abc", "y"}, {"xab", true});
}

TEST(TextStream, HoldsBackNoMoreThanItMust) {
  TextStream stream({"\n\nUser:"});
  stream.append("Hello.\n");
  EXPECT_EQ(stream.ready(), "Hello.");
  stream.append("\nUs");
  EXPECT_EQ(stream.ready(), "");
  stream.append("ed");
  EXPECT_EQ(stream.ready(), "\n\nUsed");
}

// Against looking at the whole text: the first stop text to end, and of those the longest.
TEST(TextStream, RandomTextsAgreeWithSearching) {
  std::mt19937 random(11);
  auto letters = [&](size_t size) {
    std::string text;
    for (size_t i = 0; i < size; ++i)
      text += "ab\xc3\xa9"[random() % 4];
    return text;
  };
  for (int round = 0; round < 20000; ++round) {
    std::string text = letters(1 + random() % 12), one = letters(1 + random() % 4), two = letters(1 + random() % 4);
    Result expected{text};
    for (size_t end = 1; end <= text.size() && !expected.stopped; ++end)
      for (const std::string &stop : one.size() > two.size() ? std::vector{one, two} : std::vector{two, one})
        if (!expected.stopped && text.substr(0, end).ends_with(stop))
          expected = {text.substr(0, end - stop.size()), true};
    ASSERT_EQ(run(text, {one, two}, random()), expected) << text << " / " << one << " / " << two;
  }
}
