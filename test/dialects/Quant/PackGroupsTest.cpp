// Codes in groups: the error that they leave, values at the ends of f32, and the same bytes from every kind of CPU and
// from any number of threads.
#include "dialects/Quant/Format.h"
#include "dialects/Quant/Pack.h"
#include "dialects/Quant/Q4.h"
#include "dialects/Quant/Q8.h"
#include "dialects/Quant/Weight.h"
#include "mlir/IR/MLIRContext.h"
#include <cmath>
#include <gtest/gtest.h>
#include <random>

using namespace rwkvc;
using namespace rwkvc::weight;

namespace {

// Some rows are zero, tiny, or in part a hundred times larger.
std::vector<float> bellShaped(int64_t rows, int64_t inputs) {
  std::mt19937 random(1);
  std::vector<float> values(rows * inputs);
  for (int64_t i = 0; i < rows * inputs; ++i) {
    float sum = -6;
    for (int j = 0; j < 12; ++j)
      sum += float(random()) / 4294967296.0f;
    int64_t row = i / inputs;
    values[i] = row % 16 == 3 ? 0 : row % 16 == 5 ? sum * 1e-30f : row % 16 == 7 && i % 29 == 0 ? 100 * sum : sum;
  }
  return values;
}

template <typename Codec> std::vector<uint8_t> packed(const Format &format, auto function, int64_t panel, int64_t K) {
  std::vector<uint8_t> bytes(format.panelBytes(K, panel));
  GroupPacker<Codec>::packWith(function, bellShaped(panel, K).data(), K, panel, bytes.data());
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

// What the panels of 16 outputs in `bytes` stand for, as docs/ModuleFormat.md lays them out.
std::vector<double> unpacked(const Format &format, llvm::ArrayRef<uint8_t> bytes, int64_t N, int64_t K) {
  std::vector<double> values(N * K);
  for (int64_t n = 0; n < N; ++n)
    for (int64_t k = 0; k < K; ++k) {
      const uint8_t *panel = bytes.data() + n / 16 * format.panelBytes(K, 16);
      const uint8_t *step = panel + 64 + k / format.inputStep * 16 * format.stepBytes;
      float scale;
      std::memcpy(&scale, panel + n % 16 * 4, 4);
      int64_t i = k % format.inputStep, four = i % 4, quad = i / 4;
      double level = int8_t(step[n % 16]), value;
      if (format.codeBits == 8)
        value = step[16 + quad * 64 + n % 16 * 4 + four] - 128;
      else
        value = kQ4Values[step[16 + quad / 2 * 64 + n % 16 * 4 + four] >> 4 * (quad % 2) & 15];
      values[n * K + k] = value * level * scale;
    }
  return values;
}

class PackTensor : public testing::Test {
protected:
  PackTensor() : context(mlir::MLIRContext::Threading::DISABLED) { context.loadDialect<WeightDialect>(); }

  std::vector<uint8_t> pack(llvm::ArrayRef<float> values, int64_t N, int64_t K, llvm::StringRef format, int64_t panel,
                            unsigned threads) {
    auto view = TensorView::dense(reinterpret_cast<const std::byte *>(values.data()), DType::F32, {N, K});
    auto type =
        mlir::RankedTensorType::get({N, K}, mlir::Float32Type::get(&context), LayoutAttr::get(&context, format, panel));
    std::vector<uint8_t> bytes;
    std::vector<float> seen;
    llvm::Error error = packTensor(
        {"w", view, {}, {}, type, threads},
        [&](llvm::ArrayRef<float> row) { seen.insert(seen.end(), row.begin(), row.end()); },
        [&](llvm::ArrayRef<uint8_t> piece) {
          bytes.insert(bytes.end(), piece.begin(), piece.end());
          return llvm::Error::success();
        });
    EXPECT_EQ(llvm::toString(std::move(error)), "");
    EXPECT_EQ(llvm::ArrayRef(seen), values) << "rows come once and in order";
    return bytes;
  }

  mlir::MLIRContext context;
};

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
    for (int64_t n = 0; n < N; ++n) {
      double square = 0, error = 0;
      for (int64_t i = n * K; i < (n + 1) * K; ++i) {
        square += double(values[i]) * values[i];
        error += (found[i] - values[i]) * (found[i] - values[i]);
      }
      if (n % 16 != 7)
        EXPECT_LE(error, square * bound * bound)
            << format->name.str() << " row " << n << ": " << std::sqrt(error / square);
    }
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
