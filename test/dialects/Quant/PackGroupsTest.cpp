// Codes in groups: the error that they leave, values at the ends of f32, and the same bytes from every kind of CPU and
// from any number of threads.
#include "dialects/Quant/Format.h"
#include "dialects/Quant/Q4.h"
#include "dialects/Quant/Q8.h"
#include "test/dialects/Quant/BellShaped.h"

using namespace rwkvc;
using namespace rwkvc::weight;

namespace {

template <typename Codec> std::vector<uint8_t> packed(const Format &format, auto function, int64_t panel, int64_t K) {
  std::vector<uint8_t> bytes(format.panelBytes(K, panel));
  GroupPacker<Codec>::packWith(function, bellShaped(panel, K).data(), K, panel, nullptr, bytes.data());
  return bytes;
}

template <typename Codec> void expectSameOnEveryCpu(const Format &format) {
  using Packer = GroupPacker<Codec>;
  for (int64_t K : {1, 16, 31, 96, 1000}) {
    auto expected = packed<Codec>(format, Packer::baseline, 32, K);
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
      EXPECT_EQ(packed<Codec>(format, Packer::avx2, 32, K), expected) << K;
    if (__builtin_cpu_supports("avx512f"))
      EXPECT_EQ(packed<Codec>(format, Packer::avx512, 32, K), expected) << K;
  }
}

TEST(PackGroups, SameBytesOnEveryCpu) {
  expectSameOnEveryCpu<Q4Codec>(q4Format);
  expectSameOnEveryCpu<Q8Codec>(q8Format);
}

// 300 outputs of 2000 inputs are ten pieces or more.
TEST_F(PackTensor, SameBytesFromAnyNumberOfThreads) {
  std::vector<float> values = bellShaped(300, 2000);
  for (const Format *format : formats())
    for (int64_t panel : {0, 16, 64}) {
      if (panel == 0 && !format->elementType)
        continue;
      auto expected = pack(values, 300, 2000, format->name, panel, 1);
      for (unsigned threads : {2, 3, 16, 0})
        EXPECT_EQ(pack(values, 300, 2000, format->name, panel, threads), expected) << format->name.str() << threads;
    }
}

TEST_F(PackTensor, LeavesLittleError) {
  constexpr int64_t N = 64, K = 500;
  std::vector<float> values = bellShaped(N, K);
  for (auto [format, bound] : {std::pair{&q8Format, 0.0057}, {&q4Format, 0.068}}) {
    std::vector<double> found = unpacked(*format, pack(values, N, K, format->name, 16, 0), N, K);
    expectLittleError(values, found, K, bound);
  }
}

TEST_F(PackTensor, HoldsTheEndsOfTheRange) {
  for (float extreme : {3e38f, 1e-30f, 1e-37f, 1e-44f}) {
    std::vector<float> values(16 * 32, extreme);
    values[1] = -extreme;
    for (const Format *format : {&q8Format, &q4Format}) {
      std::vector<double> found = unpacked(*format, pack(values, 16, 32, format->name, 16, 1), 16, 32);
      for (size_t i = 0; i < values.size(); ++i) // an output's scale may be too small for an f32
        ASSERT_NEAR(found[i], values[i], extreme < 1e-36f ? extreme : extreme * 0.15) << format->name.str() << i;
    }
  }
}

} // namespace
