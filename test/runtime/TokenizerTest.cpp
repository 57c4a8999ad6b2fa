// The tokenizers' C API, and every way in which a packed form can lie.
#include "runtime/include/rwkvc/tokenizer.h"
#include "runtime/abi/rwkvc_tokenizer.h"
#include "test/runtime/FakeModule.h"
#include "test/runtime/PackedTokenizer.h"

#include <cstring>
#include <random>
#include <thread>

using namespace fake;

namespace {

void expectRefused(const std::string &packed, rwkvc_status_t expected, const std::string &words) {
  auto *untouched = reinterpret_cast<rwkvc_tokenizer_t *>(&expected);
  rwkvc_tokenizer_t *tokenizer = untouched;
  // Of its own allocation, so that reading past the end is found by a sanitizer.
  std::vector<char> exact(packed.begin(), packed.end());
  expectRefusal(rwkvc_tokenizer_create(exact.data(), exact.size(), &tokenizer), expected, words);
  EXPECT_EQ(tokenizer, untouched) << "the result must not change on failure";
}

// Encodes and decodes something if the form is taken; must only not crash.
void tryAll(const std::string &packed) {
  std::vector<char> exact(packed.begin(), packed.end());
  rwkvc_tokenizer_t *raw = nullptr;
  if (rwkvc_tokenizer_create(exact.data(), exact.size(), &raw) != RWKVC_OK)
    return;
  Tokenizer tokenizer(raw);
  int32_t ids[64];
  char text[256];
  uint64_t count = 0, bytes = 0;
  for (std::string_view sample : {"abcabbcab  <|x|>'s 12", "\xff\xc3\xa9 e\xcc\x81\0"})
    if (rwkvc_tokenizer_encode(raw, sample.data(), sample.size(), ids, 64, &count) == RWKVC_OK)
      ASSERT_EQ(rwkvc_tokenizer_decode(raw, ids, std::min<uint64_t>(count, 64), text, 256, &bytes), RWKVC_OK);
  for (int32_t id = 0; id < static_cast<int32_t>(rwkvc_tokenizer_size(raw)); ++id)
    ASSERT_EQ(rwkvc_tokenizer_decode(raw, &id, 1, text, 256, &bytes), RWKVC_OK);
}

} // namespace

TEST(Tokenizer, BytesAreTheirIds) {
  Tokenizer tokenizer = makeTokenizer(PackedTokenizer{});
  EXPECT_STREQ(rwkvc_tokenizer_kind(tokenizer.get()), "bytes");
  EXPECT_EQ(rwkvc_tokenizer_size(tokenizer.get()), 256u);
  EXPECT_EQ(rwkvc_tokenizer_end(tokenizer.get()), 0);
  std::string text = "h\xc3\xa9\xff";
  EXPECT_EQ(encode(tokenizer, text), (std::vector<int32_t>{'h', 0xc3, 0xa9, 0xff}));
  EXPECT_EQ(decode(tokenizer, {'h', 0, 0xc3, 0xa9, 0, 0xff}), text);
  uint64_t count = 7;
  int32_t ids[4] = {9, 9, 9, 9};
  expectRefusal(rwkvc_tokenizer_encode(tokenizer.get(), "ab\0", 3, ids, 4, &count), RWKVC_INVALID_ARGUMENT,
                "byte 0x00 at offset 2 of the text is in no token");
  EXPECT_EQ(count, 7u);
  EXPECT_EQ(ids[0], 9) << "results are untouched by a call that fails";
}

TEST(Tokenizer, TheLongestMatchWinsAtEachPlace) {
  Tokenizer tokenizer = makeTokenizer(world());
  EXPECT_STREQ(rwkvc_tokenizer_kind(tokenizer.get()), "longest-match");
  EXPECT_EQ(encode(tokenizer, "abcab"), (std::vector<int32_t>{4, 5}));
  EXPECT_EQ(encode(tokenizer, "abbc"), (std::vector<int32_t>{5, 2, 3}));
  EXPECT_EQ(encode(tokenizer, ""), std::vector<int32_t>{});
  EXPECT_EQ(decode(tokenizer, {4, 0, 6, 5}), "abcab") << "ids 0 and 6 have no text";
  expectRefusal(rwkvc_tokenizer_encode(tokenizer.get(), "abcX", 4, nullptr, 0, nullptr), RWKVC_INVALID_ARGUMENT, "");
  uint64_t count = 0;
  expectRefusal(rwkvc_tokenizer_encode(tokenizer.get(), "abcX", 4, nullptr, 0, &count), RWKVC_INVALID_ARGUMENT,
                "byte 0x58 at offset 3 of the text is in no token");
}

TEST(Tokenizer, MergesGoByRankThenFromTheLeft) {
  Tokenizer tokenizer = makeTokenizer(bpe());
  EXPECT_STREQ(rwkvc_tokenizer_kind(tokenizer.get()), "bpe");
  EXPECT_EQ(encode(tokenizer, "aab"), (std::vector<int32_t>{1, 3})) << "ab comes before aa";
  EXPECT_EQ(encode(tokenizer, "aaa"), (std::vector<int32_t>{4, 1}));
  EXPECT_EQ(encode(tokenizer, "aaaaaaa"), (std::vector<int32_t>{5, 4, 1}));
  EXPECT_EQ(encode(tokenizer, "a<x>ab<x>"), (std::vector<int32_t>{1, 6, 3, 6}));
  uint64_t count = 0;
  expectRefusal(rwkvc_tokenizer_encode(tokenizer.get(), "a<x", 3, nullptr, 0, &count), RWKVC_INVALID_ARGUMENT,
                "byte 0x3c of the text is in no token");
}

TEST(Tokenizer, LongWordsTakeNoSquareOfTheirLength) {
  Tokenizer tokenizer = makeTokenizer(bpe());
  std::string text(1 << 18, 'a');
  EXPECT_EQ(encode(tokenizer, text), std::vector<int32_t>(text.size() / 4, 5));
  EXPECT_EQ(encode(tokenizer, text + "b").back(), 3);
}

TEST(Tokenizer, ResultsAreCutAtTheCapacityAndCountedWhole) {
  Tokenizer tokenizer = makeTokenizer(world());
  int32_t ids[3] = {-5, -5, -5};
  uint64_t count = 0;
  ASSERT_EQ(rwkvc_tokenizer_encode(tokenizer.get(), "ccabc", 5, ids, 2, &count), RWKVC_OK);
  EXPECT_EQ(count, 3u);
  EXPECT_EQ(ids[1], 3);
  EXPECT_EQ(ids[2], -5);
  char text[4] = "...";
  int32_t two[] = {5, 4};
  ASSERT_EQ(rwkvc_tokenizer_decode(tokenizer.get(), two, 2, text, 3, &count), RWKVC_OK);
  EXPECT_EQ(count, 5u);
  EXPECT_STREQ(text, "aba");
}

TEST(Tokenizer, IdsOutOfRangeAndNullsAreRefused) {
  Tokenizer tokenizer = makeTokenizer(world());
  for (int32_t id : {-1, 7, INT32_MAX, INT32_MIN}) {
    int32_t ids[] = {1, id};
    uint64_t bytes = 9;
    char text[8] = "x";
    expectRefusal(rwkvc_tokenizer_decode(tokenizer.get(), ids, 2, text, 8, &bytes), RWKVC_INVALID_ARGUMENT,
                  "token 1 is " + std::to_string(id) + ", but the tokenizer has 7 ids");
    EXPECT_EQ(bytes, 9u);
    EXPECT_EQ(text[0], 'x');
  }
  uint64_t count;
  int32_t id = 1;
  rwkvc_tokenizer_t *made;
  EXPECT_EQ(rwkvc_tokenizer_encode(nullptr, "a", 1, &id, 1, &count), RWKVC_INVALID_ARGUMENT);
  EXPECT_EQ(rwkvc_tokenizer_encode(tokenizer.get(), nullptr, 1, &id, 1, &count), RWKVC_INVALID_ARGUMENT);
  EXPECT_EQ(rwkvc_tokenizer_encode(tokenizer.get(), "a", 1, nullptr, 1, &count), RWKVC_INVALID_ARGUMENT);
  EXPECT_EQ(rwkvc_tokenizer_decode(tokenizer.get(), nullptr, 1, nullptr, 0, &count), RWKVC_INVALID_ARGUMENT);
  EXPECT_EQ(rwkvc_tokenizer_decode(tokenizer.get(), &id, 1, nullptr, 1, &count), RWKVC_INVALID_ARGUMENT);
  EXPECT_EQ(rwkvc_tokenizer_create(nullptr, 1, &made), RWKVC_INVALID_ARGUMENT);
  EXPECT_EQ(rwkvc_tokenizer_create("", 1, nullptr), RWKVC_INVALID_ARGUMENT);
  EXPECT_EQ(rwkvc_model_tokenizer(nullptr, nullptr), RWKVC_INVALID_ARGUMENT);
  EXPECT_EQ(rwkvc_tokenizer_kind(nullptr), nullptr);
  EXPECT_EQ(rwkvc_tokenizer_size(nullptr), 0u);
  EXPECT_EQ(rwkvc_tokenizer_end(nullptr), -1);
  rwkvc_tokenizer_release(nullptr);
}

TEST(Tokenizer, HeadersThatLieAreRefused) {
  auto refused = [](auto change, rwkvc_status_t expected, const char *words) {
    PackedTokenizer form = world();
    change(form);
    expectRefused(form.packed(), expected, words);
  };
  refused([](auto &f) { f.head.magic[0] = 'r'; }, RWKVC_CORRUPTED, "does not start like one");
  refused([](auto &f) { f.head.version = 2; }, RWKVC_INCOMPATIBLE, "has version 2");
  refused([](auto &f) { f.head.kind = 3; }, RWKVC_INCOMPATIBLE, "of kind 3");
  refused([](auto &f) { f.head.flags = 1; }, RWKVC_INCOMPATIBLE, "has flags 0x1");
  refused([](auto &f) { f.head.end = 7; }, RWKVC_CORRUPTED, "by id 7, but has 7 ids");
  refused([](auto &f) { f.head.end = -2; }, RWKVC_CORRUPTED, "by id -2");
  refused([](auto &f) { f.head.bytes += 1; }, RWKVC_CORRUPTED, "but has");
  refused([](auto &f) { f.head.size = 0; }, RWKVC_CORRUPTED, "claims 0 ids");
  refused([](auto &f) { f.head.size = ~0u; }, RWKVC_CORRUPTED, "claims 4294967295 ids");
  refused([](auto &f) { f.head.text_bytes = ~0u; }, RWKVC_CORRUPTED, "4294967295 bytes of text");
  refused([](auto &f) { f.head.merge_count = 1; }, RWKVC_CORRUPTED, "parts that its kind does not have");
  refused([](auto &f) { f.head.added_count = 1; }, RWKVC_CORRUPTED, "parts that its kind does not have");
  refused([](auto &f) { f.head.kind = RWKVC_TOKENIZER_BYTES; }, RWKVC_CORRUPTED, "does not have");
  refused([](auto &f) { f.texts[6] = "ab"; }, RWKVC_CORRUPTED, "has the text of another id");
}

TEST(Tokenizer, MergesThatLieAreRefused) {
  auto refused = [](auto change, rwkvc_status_t expected, const char *words) {
    PackedTokenizer form = bpe();
    change(form);
    expectRefused(form.packed(), expected, words);
  };
  refused([](auto &f) { f.head.flags = 2; }, RWKVC_INCOMPATIBLE, "has flags 0x2");
  refused([](auto &f) { f.head.merge_count = 4; }, RWKVC_CORRUPTED, "but has");
  refused([](auto &f) { f.head.merge_count = ~0u; }, RWKVC_CORRUPTED, "4294967295 merges");
  refused([](auto &f) { f.head.added_count = 8; }, RWKVC_CORRUPTED, "8 added ones");
  refused([](auto &f) { f.merges[1].left = 7; }, RWKVC_CORRUPTED, "merge 1 is of ids out of range");
  refused([](auto &f) { f.merges[1].right = ~0u; }, RWKVC_CORRUPTED, "merge 1 is of ids out of range");
  refused([](auto &f) { f.merges[1].result = 7; }, RWKVC_CORRUPTED, "merge 1 is of ids out of range");
  refused([](auto &f) { f.merges[1].result = 3; }, RWKVC_CORRUPTED, "merge 1 does not give the bytes");
  refused([](auto &f) { f.merges[0].left = 0, f.merges[0].result = 2; }, RWKVC_CORRUPTED, "merge 0 does not give");
  refused([](auto &f) { f.merges.push_back({1, 2, 3}); }, RWKVC_CORRUPTED, "merges 0 and 3 are of one pair");
  refused([](auto &f) { f.added[0].id = 7; }, RWKVC_CORRUPTED, "added id number 0 is out of range");
  refused([](auto &f) { f.added[0].id = 0; }, RWKVC_CORRUPTED, "or has no text");
  refused([](auto &f) { f.added[0].flags = 2; }, RWKVC_CORRUPTED, "added id number 0");
  refused([](auto &f) { f.added.push_back(f.added[0]); }, RWKVC_CORRUPTED, "id 6 is added twice");
  refused([](auto &f) { f.texts[0] = "b"; }, RWKVC_CORRUPTED, "ids 0 and 2 are of one byte");
}

// Looking for one at each byte of a text, or comparing it at each merge, would take hours.
TEST(Tokenizer, VeryLongIdsAreRefused) {
  PackedTokenizer form = world();
  form.texts[6] = std::string(4096, 'a') + "b";
  expectRefused(form.packed(), RWKVC_INCOMPATIBLE, "id 6 has a text of 4097 bytes, but at most 4096 are possible");
  form.texts[6].pop_back();
  EXPECT_EQ(encode(makeTokenizer(form), std::string(8191, 'a')).size(), 4096u);
}

// A million merges into ids of one text: each id is cut once, not at each merge.
TEST(Tokenizer, ManyMergesOfLongIdsTakeNoTime) {
  PackedTokenizer form = bpe();
  form.added.clear();
  form.merges.clear();
  form.texts.resize(3);
  constexpr uint32_t half = 1000;
  for (uint32_t i = 0; i < 2 * half; ++i)
    form.texts.push_back(std::string(2048, 'a'));
  form.texts.push_back(std::string(4096, 'a'));
  for (uint32_t left = 3; left < 3 + half; ++left)
    for (uint32_t right = 3 + half; right < 3 + 2 * half; ++right)
      form.merges.push_back({left, right, 3 + 2 * half});
  EXPECT_EQ(encode(makeTokenizer(form), "aa").size(), 2u);
}

TEST(Tokenizer, EveryTruncationIsRefused) {
  for (const PackedTokenizer &form : {PackedTokenizer{}, world(), bpe()}) {
    std::string whole = form.packed();
    for (size_t size = 1; size < whole.size(); ++size)
      expectRefused(whole.substr(0, size), RWKVC_CORRUPTED, "");
    expectRefused(whole + "x", RWKVC_CORRUPTED, "but has");
  }
}

TEST(Tokenizer, OffsetsThatLieAreRefused) {
  std::string whole = world().packed();
  for (uint32_t id = 0; id <= 7; ++id)
    for (uint32_t wrong : {100u, ~0u}) {
      std::string changed = whole;
      memcpy(changed.data() + sizeof(rwkvc_tokenizer_header_t) + id * 4, &wrong, 4);
      expectRefused(changed, RWKVC_CORRUPTED, "lies outside of its 8 bytes");
    }
}

TEST(Tokenizer, NoFlippedByteCrashes) {
  std::mt19937 random(1);
  for (const PackedTokenizer &form : {PackedTokenizer{}, world(), bpe()}) {
    std::string whole = form.packed();
    for (size_t at = 0; at < whole.size(); ++at)
      for (int i = 0; i < 8; ++i) {
        std::string changed = whole;
        changed[at] = static_cast<char>(random());
        changed[random() % whole.size()] ^= static_cast<char>(1 << i);
        tryAll(changed);
      }
  }
}

TEST(Tokenizer, OfAModelIsMadeOnceForAllThreads) {
  Model model = load(sealedFile("fake-tokenizer"));
  const rwkvc_tokenizer_t *found[4] = {};
  std::vector<std::thread> threads;
  for (auto &place : found)
    threads.emplace_back([&] { EXPECT_EQ(rwkvc_model_tokenizer(model.get(), &place), RWKVC_OK); });
  for (std::thread &thread : threads)
    thread.join();
  for (const rwkvc_tokenizer_t *tokenizer : found)
    EXPECT_EQ(tokenizer, found[0]);
  EXPECT_STREQ(rwkvc_tokenizer_kind(found[0]), "bytes");
}

TEST(Tokenizer, ModelsWithoutOneSaySo) {
  const rwkvc_tokenizer_t *tokenizer = nullptr;
  for (const char *image : {"fake", "fake-before-tokenizer"}) {
    Model model = load(sealedFile(image));
    expectRefusal(rwkvc_model_tokenizer(model.get(), &tokenizer), RWKVC_INCOMPATIBLE,
                  "has no tokenizer: compile it with --tokenizer");
  }
  Model model = load(sealedFile("fake-bad-tokenizer"));
  expectRefusal(rwkvc_model_tokenizer(model.get(), &tokenizer), RWKVC_CORRUPTED, "does not start like one");
}
