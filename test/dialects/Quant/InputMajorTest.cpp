// Weights stored input by input, quantised in groups of outputs: the error that they leave, values at the ends of f32,
// and the same bytes from every kind of CPU and from any number of threads.
#include "dialects/Quant/Format.h"
#include "dialects/Quant/PackInputMajor.h"
#include "dialects/Quant/Q4.h"
#include "dialects/Quant/Q8.h"
#include "test/dialects/Quant/BellShaped.h"

using namespace rwkvc;
using namespace rwkvc::weight;

namespace {

struct Block {
  std::vector<float> scales;
  std::vector<uint8_t> codes;
  std::vector<int8_t> levels;
  bool operator==(const Block &) const = default;
};

template <typename Codec> Block packed(auto function, int64_t inputs) {
  std::vector<float> rows = bellShaped(kInputBlock, inputs);
  Block block{std::vector<float>(kInputBlock, 0.5f), std::vector<uint8_t>(inputs * Codec::kInputBytes),
              std::vector<int8_t>(inputs * kInputBlock / Codec::kGroup)};
  std::vector<Lanes> ideal((inputs + kPackLanes - 1) / kPackLanes * (kInputBlock / Codec::kGroup));
  function(rows.data(), inputs,
           InputMajorOut{block.scales.data(), block.codes.data(), block.levels.data(), Codec::kInputBytes},
           ideal.data());
  return block;
}

template <typename Codec> void expectSameOnEveryCpu() {
  using Packer = InputMajorPacker<Codec>;
  for (int64_t inputs : {1, 16, 31, 500}) {
    Block expected = packed<Codec>(Packer::baseline, inputs);
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
      EXPECT_EQ(packed<Codec>(Packer::avx2, inputs), expected) << inputs;
    if (__builtin_cpu_supports("avx512f"))
      EXPECT_EQ(packed<Codec>(Packer::avx512, inputs), expected) << inputs;
  }
}

TEST(InputMajor, SameBytesOnEveryCpu) {
  expectSameOnEveryCpu<Q4Codec>();
  expectSameOnEveryCpu<Q8Codec>();
}

// What `bytes` stand for, as docs/ModuleFormat.md lays them out.
std::vector<double> unpackedInputMajor(const Format &format, llvm::ArrayRef<uint8_t> bytes, int64_t N, int64_t K) {
  std::vector<double> values(N * K);
  int64_t width = (N + 127) / 128 * 128, codes = width * format.codeBits / 8, levels = width / format.inputStep;
  int64_t piece = (codes + levels + 63) / 64 * 64;
  EXPECT_EQ(bytes.size(), size_t(4 * width + K * piece));
  for (int64_t n = 0; n < N; ++n)
    for (int64_t k = 0; k < K; ++k) {
      const uint8_t *input = bytes.data() + 4 * width + k * piece;
      float scale;
      std::memcpy(&scale, bytes.data() + 4 * n, 4);
      double value = format.codeBits == 8
                         ? int8_t(input[n])
                         : kQ4Values[input[n / 128 * 64 + n % 16 * 4 + n % 128 / 32] >> n % 32 / 16 * 4 & 15];
      values[n * K + k] = value * int8_t(input[codes + n / format.inputStep]) * scale;
    }
  return values;
}

using InputMajorTensor = PackTensor;

TEST_F(InputMajorTensor, SameBytesFromAnyNumberOfThreads) {
  std::vector<float> values = bellShaped(700, 200);
  for (const Format *format : formats()) {
    if (!format->inputMajor)
      continue;
    auto expected = pack(values, 700, 200, format->name, kInputBlock, 1, true);
    for (unsigned threads : {2, 3, 16, 0})
      EXPECT_EQ(pack(values, 700, 200, format->name, kInputBlock, threads, true), expected)
          << format->name.str() << threads;
  }
}

// Bounds are those of groups of inputs. An outlier costs the other outputs of its group, so there are none.
TEST_F(InputMajorTensor, LeavesLittleError) {
  std::vector<float> values = bellShaped(200, 500, /*outliers=*/1);
  for (auto [format, bound] : {std::pair{&q8Format, 0.0057}, {&q4Format, 0.068}})
    expectLittleError(values, unpackedInputMajor(*format, pack(values, 200, 500, format->name, kInputBlock, 0, true), 200, 500),
                      500, bound);
}

TEST_F(InputMajorTensor, HoldsTheEndsOfTheRange) {
  for (float extreme : {3e38f, 1e-30f, 1e-37f, 1e-44f}) {
    std::vector<float> values(16 * 32, extreme);
    values[1] = -extreme;
    for (const Format *format : {&q8Format, &q4Format}) {
      auto found = unpackedInputMajor(*format, pack(values, 16, 32, format->name, kInputBlock, 1, true), 16, 32);
      for (size_t i = 0; i < values.size(); ++i) // an output's scale may be too small for an f32
        ASSERT_NEAR(found[i], values[i], extreme < 1e-36f ? extreme : extreme * 0.15) << format->name.str() << i;
    }
  }
}

} // namespace
