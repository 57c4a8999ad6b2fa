// Loading: what is told of a good module, and the sentence for every kind of bad one.
#include "test/runtime/FakeModule.h"

#include <dirent.h>
#include <elf.h>
#include <sys/stat.h>

using namespace fake;

namespace {

void expectLoadRefusal(const std::string &path, rwkvc_status_t expected, const std::string &words) {
  auto *untouched = reinterpret_cast<rwkvc_model_t *>(&expected);
  rwkvc_model_t *model = untouched;
  expectRefusal(rwkvc_model_load(path.c_str(), &model), expected, words);
  EXPECT_EQ(model, untouched) << "the result must not change on failure";
}

void expectBytesRefused(const std::string &bytes, rwkvc_status_t expected, const std::string &words) {
  std::string path = temporary("refused.so");
  remove(path.c_str()); // a new inode each time, as the linker knows files by it
  writeFile(path, bytes);
  expectLoadRefusal(path, expected, words);
}

size_t openDescriptors() {
  size_t count = 0;
  DIR *folder = opendir("/proc/self/fd");
  while (readdir(folder))
    ++count;
  closedir(folder);
  return count;
}

} // namespace

TEST(Load, TellsWhatTheModuleSays) {
  Model model = load(sealedFile("fake"));
  const rwkvc_model_info_t &info = *rwkvc_model_info(model.get());
  EXPECT_STREQ(info.architecture, "rwkv7");
  EXPECT_EQ(info.vocabulary, vocabulary);
  EXPECT_EQ(info.max_rows, maxRows);
  EXPECT_EQ(info.state_floats, 8u);
  ASSERT_EQ(info.slot_count, 2u);
  EXPECT_STREQ(info.slots[1].name, "layer.0.count");
  EXPECT_EQ(info.slots[1].first_float, 4u);
  EXPECT_EQ(info.slots[1].floats, 4u);
  EXPECT_EQ(memcmp(info.model_id, "fake model id 16", 16), 0);
  EXPECT_EQ(rwkvc_model_verify(model.get()), RWKVC_OK);
}

TEST(Load, NullIsRefused) {
  rwkvc_model_t *model;
  EXPECT_EQ(rwkvc_model_load(nullptr, &model), RWKVC_INVALID_ARGUMENT);
  EXPECT_EQ(rwkvc_model_load("x", nullptr), RWKVC_INVALID_ARGUMENT);
  EXPECT_EQ(rwkvc_model_verify(nullptr), RWKVC_INVALID_ARGUMENT);
  EXPECT_EQ(rwkvc_model_info(nullptr), nullptr);
  rwkvc_model_release(nullptr);
}

TEST(Load, AbsentFilesAndFolders) {
  expectLoadRefusal(temporary("absent.so"), RWKVC_IO_ERROR, "No such file");
  expectLoadRefusal("/", RWKVC_IO_ERROR, "not a regular file");
  expectLoadRefusal("/dev/zero", RWKVC_IO_ERROR, "not a regular file");
  // Nobody writes to it: waiting would never end.
  ASSERT_EQ(mkfifo(temporary("pipe").c_str(), 0600), 0);
  expectLoadRefusal(temporary("pipe"), RWKVC_IO_ERROR, "not a regular file");
}

TEST(Load, EveryTruncationIsRefused) {
  std::string whole = seal(partsOf("fake"));
  for (size_t size = 0; size < whole.size(); size += size + 512 < whole.size() ? 509 : 1)
    expectBytesRefused(whole.substr(0, size), RWKVC_CORRUPTED, "'");
  expectBytesRefused(whole + "x", RWKVC_CORRUPTED, "'");
}

TEST(Load, EveryFlippedBitOfTheTrailerIsRefused) {
  std::string whole = seal(partsOf("fake"));
  for (size_t bit = 0; bit < 8 * sizeof(rwkvc_trailer_t); ++bit) {
    std::string bytes = whole;
    bytes[bytes.size() - sizeof(rwkvc_trailer_t) + bit / 8] ^= static_cast<char>(1 << bit % 8);
    expectBytesRefused(bytes, RWKVC_CORRUPTED, bit < 64 ? "does not end like" : "hash of its trailer");
  }
}

TEST(Load, FlippedBitsOfCodeAndWeightsAreRefused) {
  std::string whole = seal(partsOf("fake"));
  rwkvc_trailer_t trailer = trailerOf(whole);
  for (size_t at = 0; at < trailer.image_bytes; at += 499) {
    std::string bytes = whole;
    bytes[at] ^= 16;
    expectBytesRefused(bytes, RWKVC_CORRUPTED, "hash of its code");
  }
  whole[trailer.weights_offset + 5] ^= 1;
  expectBytesRefused(whole, RWKVC_CORRUPTED, "hash of its weights");
}

TEST(Load, LargeWeightsAreHashedOnRequestOnly) {
  Parts parts = partsOf("fake");
  std::string image = parts.image;
  std::string whole = seal(parts);
  rwkvc_trailer_t trailer = trailerOf(whole);
  // A sparse file of 65 MiB; its module is refused later, for its size, but not for its hash.
  trailer.weights_bytes = 65u << 20;
  trailer.file_bytes = trailer.weights_offset + trailer.weights_bytes + sizeof(trailer);
  trailer.trailer_hash = rwkvc_trailer_hash(&trailer);
  image.resize(trailer.weights_offset + trailer.weights_bytes);
  image.append(reinterpret_cast<const char *>(&trailer), sizeof(trailer));
  expectBytesRefused(image, RWKVC_CORRUPTED, "expects 64 bytes of weights, but the file has 68157440");
}

TEST(Load, SizesThatDoNotAddUpAreRefused) {
  std::string whole = seal(partsOf("fake"));
  const rwkvc_trailer_t good = trailerOf(whole);
  auto expectTrailerRefused = [&](auto change, rwkvc_status_t expected, const char *words) {
    rwkvc_trailer_t trailer = good;
    change(trailer);
    std::string bytes = whole;
    resealTrailer(bytes, trailer);
    expectBytesRefused(bytes, expected, words);
  };
  expectTrailerRefused([](auto &t) { t.file_bytes += 1; }, RWKVC_CORRUPTED, "its trailer describes");
  expectTrailerRefused([](auto &t) { t.weights_bytes -= 1; }, RWKVC_CORRUPTED, "its trailer describes");
  expectTrailerRefused([](auto &t) { t.weights_bytes = ~0ull; }, RWKVC_CORRUPTED, "its trailer describes");
  expectTrailerRefused([](auto &t) { t.weights_offset = ~0ull - 4095; }, RWKVC_CORRUPTED, "its trailer describes");
  expectTrailerRefused([](auto &t) { t.weights_offset -= 64, t.weights_bytes += 64; }, RWKVC_CORRUPTED, "describes");
  expectTrailerRefused([](auto &t) { t.image_bytes = ~0ull; }, RWKVC_CORRUPTED, "its trailer describes");
  expectTrailerRefused([](auto &t) { t.image_bytes = 10; }, RWKVC_CORRUPTED, "too few for a shared object");
  expectTrailerRefused([](auto &t) { t.abi_version = 3; }, RWKVC_INCOMPATIBLE, "has module version 3");
}

TEST(Load, OtherElfFilesAreRefused) {
  Parts parts = partsOf("fake");
  auto expectHeaderRefused = [&](size_t offset, char value, rwkvc_status_t expected, const char *words) {
    Parts changed = parts;
    changed.image[offset] = value;
    expectBytesRefused(seal(changed), expected, words);
  };
  expectHeaderRefused(0, 'x', RWKVC_CORRUPTED, "does not start with a 64-bit shared object");
  expectHeaderRefused(EI_CLASS, ELFCLASS32, RWKVC_CORRUPTED, "does not start with a 64-bit shared object");
  expectHeaderRefused(offsetof(Elf64_Ehdr, e_machine), static_cast<char>(EM_RISCV), RWKVC_INCOMPATIBLE,
                      "compiled for another architecture (ELF machine 243)");
  expectHeaderRefused(offsetof(Elf64_Ehdr, e_machine), static_cast<char>(EM_AARCH64), RWKVC_INCOMPATIBLE,
                      "is compiled for AArch64 (ELF machine 183), but this machine is x86-64 (62)");
}

TEST(Load, ModulesThatBreakTheirPromisesAreRefused) {
  expectLoadRefusal(sealedFile("fake-version"), RWKVC_INCOMPATIBLE, "has module version 1, but this library needs");
  expectLoadRefusal(sealedFile("fake-silent"), RWKVC_INCOMPATIBLE, "cannot speak module version 2");
  expectLoadRefusal(sealedFile("fake-short"), RWKVC_CORRUPTED, "describes itself in 64 bytes");
  expectLoadRefusal(sealedFile("fake-weights"), RWKVC_CORRUPTED, "expects 68 bytes of weights, but the file has 64");
  expectLoadRefusal(sealedFile("fake-slot"), RWKVC_CORRUPTED, "slot 1 of the state");
  expectLoadRefusal(sealedFile("fake-library"), RWKVC_INCOMPATIBLE, "needs a product of library 9 with elements 1");
  expectLoadRefusal(sealedFile("fake-product"), RWKVC_INCOMPATIBLE, "elements 2, 48 inputs, 64 outputs and 256 rows");
}

TEST(Load, MissingFeaturesAreNamed) {
  // No CPU has both XOP, which AMD gave up in 2017, and AMX-MOVRS.
  expectLoadRefusal(sealedFile("fake-feature"), RWKVC_INCOMPATIBLE, "this CPU lacks amx-movrs");
  expectLoadRefusal(sealedFile("fake-unknown"), RWKVC_INCOMPATIBLE, "the CPU feature 'warp-drive', which");
}

TEST(Load, OneFileIsLoadedOnce) {
  Model first = load(sealedFile("fake")), second = load(sealedFile("fake"));
  EXPECT_EQ(first.get(), second.get());
  first.reset();
  EXPECT_STREQ(rwkvc_model_info(second.get())->architecture, "rwkv7");
}

// The dynamic linker takes a known name for a known library, and names are descriptor numbers here.
TEST(Load, ADescriptorNumberUsedAgainIsNotTheOldModule) {
  size_t before = openDescriptors();
  Parts other = partsOf("fake");
  other.weights[2] ^= 1;
  writeFile(temporary("other.so"), seal(other));
  for (int i = 0; i < 8; ++i) {
    Model fake = load(sealedFile("fake"));
    Model again = load(sealedFile("fake"));
    fake.reset();
    Model changed = load(temporary("other.so"));
    ASSERT_NE(rwkvc_model_info(again.get()), nullptr);
    EXPECT_NE(rwkvc_model_info(again.get())->content_hash, rwkvc_model_info(changed.get())->content_hash);
    EXPECT_NE(rwkvc_model_info(again.get())->kernels, rwkvc_model_info(changed.get())->kernels) << "one image twice";
  }
  EXPECT_EQ(openDescriptors(), before);
}

TEST(Load, AReplacedFileLeavesTheLoadedModelAlone) {
  std::string path = temporary("replaced.so");
  writeFile(path, seal(partsOf("fake")));
  Model model = load(path);
  writeFile(temporary("replacement"), "no module");
  ASSERT_EQ(rename(temporary("replacement").c_str(), path.c_str()), 0);
  State state = newState(model);
  EXPECT_EQ(rwkvc_model_verify(model.get()), RWKVC_OK);
  EXPECT_EQ(floatsOf(state)[0], 0.25f);
  expectLoadRefusal(path, RWKVC_CORRUPTED, "too few for a compiled module");
}
