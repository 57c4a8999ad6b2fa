// Groups under f16 scales: what was made of codes and such a scale keeps every bit, and everything else is near.
#include "dialects/Quant/Blocks.h"
#include "dialects/Quant/Groups.h"
#include "dialects/Quant/Half.h"
#include "test/dialects/Quant/BellShaped.h"
#include <random>
#include <set>

using namespace rwkvc;
using namespace rwkvc::weight;

namespace {

constexpr int64_t kGroup = 32, kPanel = 16;

// What panels of 16 outputs stand for, as docs/ModuleFormat.md lays them out.
std::vector<double> unpackedHalfGroups(const Format &format, llvm::ArrayRef<uint8_t> bytes, int64_t N, int64_t K) {
  std::vector<double> values(N * K);
  for (int64_t n = 0; n < N; ++n)
    for (int64_t k = 0; k < K; ++k) {
      const uint8_t *step =
          bytes.data() + n / kPanel * format.panelBytes(K, kPanel) + k / kGroup * kPanel * format.stepBytes;
      uint16_t scale;
      std::memcpy(&scale, step + n % kPanel * 2, 2);
      const uint8_t *codes = step + 2 * kPanel;
      int64_t i = k % kGroup, four = i % 4, quad = i / 4, lane = 4 * (n % kPanel) + four;
      int64_t code = format.codeBits == 8 ? codes[quad * 64 + lane] - 128
                                          : (codes[quad / 2 * 64 + lane] >> 4 * (quad % 2) & 15) - 8;
      values[n * K + k] = double(code) * fromHalf(scale);
    }
  return values;
}

// Blocks of any codes from `lowest` to -1 - lowest, under scales of either sign, among them the least and the largest.
std::vector<float> blocks(int lowest, int64_t N, int64_t K) {
  std::mt19937 random(7);
  std::vector<float> values(N * K);
  for (int64_t first = 0; first < N * K; first += kGroup) {
    uint16_t half = random() % 0x7c00;
    half = first % (5 * kGroup) ? half : first % (2 * kGroup) ? 1 : 0x7bff;
    float scale = fromHalf(half | (random() & 1) << 15);
    // Few codes, one alone, and none but 0, are as good as all.
    int least = lowest >> random() % 5, most = random() % 4 ? -1 - least : 0;
    for (int64_t i = 0; i < kGroup; ++i)
      values[first + i] = float(least + int(random() % (most - least + 1))) * scale;
    if (random() % 16 == 0)
      std::fill_n(values.begin() + first, kGroup, 0.0f);
  }
  return values;
}

using HalfGroups = PackTensor;

TEST_F(HalfGroups, KeepEveryBit) {
  constexpr int64_t N = 48, K = 640;
  for (auto [format, lowest] :
       {std::pair{&q4_0Format, -8}, {&q8_0Format, -8}, {&q8_0Format, -16}, {&q8_0Format, -128}}) {
    std::vector<float> values = blocks(lowest, N, K);
    std::vector<double> found = unpackedHalfGroups(*format, pack(values, N, K, format->name, kPanel, 1), N, K);
    for (size_t i = 0; i < values.size(); ++i)
      ASSERT_EQ(found[i], values[i]) << format->name.str() << " of codes from " << lowest << " on, at " << i;
  }
}

TEST_F(HalfGroups, LeaveLittleErrorOfOtherValues) {
  constexpr int64_t N = 64, K = 500; // the last group is not whole
  std::vector<float> values = bellShaped(N, K);
  for (auto [format, bound] : {std::pair{&q8_0Format, 0.0057}, {&q4_0Format, 0.095}}) {
    std::vector<double> found = unpackedHalfGroups(*format, pack(values, N, K, format->name, kPanel, 0), N, K);
    double square = 0, error = 0;
    for (int64_t i = 0; i < N * K; ++i) {
      if (i / K % 16 == 5 || i / K % 16 == 7)
        continue; // too small for f16, and with outliers
      square += double(values[i]) * values[i];
      error += (found[i] - values[i]) * (found[i] - values[i]);
    }
    EXPECT_LE(error, square * bound * bound) << format->name.str() << ": " << std::sqrt(error / square);
  }
}

// Every element of a block is where a walk over it, a walk in other steps, and a part of it find it.
TEST(Blocks, AreReadInAnyOrder) {
  std::mt19937 random(3);
  for (DType type : {DType::Q4_0, DType::Q4_1, DType::Q5_0, DType::Q5_1, DType::Q8_0, DType::Q2_K, DType::Q3_K,
                     DType::Q4_K, DType::Q5_K, DType::Q6_K}) {
    int64_t columns = 2 * blockElements(type), rows = 3;
    std::vector<std::byte> bytes(storedBytes(type, rows * columns) + 1);
    for (std::byte &byte : bytes)
      byte = std::byte(random() & 0x3b); // no scale that is not finite
    TensorView view = TensorView::dense(bytes.data() + 1, type, {rows, columns});
    EXPECT_EQ(view.span().end(), bytes.data() + bytes.size());
    std::vector<float> whole(rows * columns), column(rows), part(columns - 5);
    view.readRow(0, whole);
    std::set<float> different(whole.begin(), whole.end());
    EXPECT_GT(different.size(), 3u) << name(type).str();

    TensorView turned = view;
    std::swap(turned.shape[0], turned.shape[1]);
    std::swap(turned.strides[0], turned.strides[1]);
    for (int64_t k = 0; k < columns; ++k) {
      turned.readRow(k, column);
      for (int64_t n = 0; n < rows; ++n)
        ASSERT_EQ(column[n], whole[n * columns + k]) << name(type).str() << n << ", " << k;
    }
    TensorView slice = view;
    slice.first = 3;
    slice.shape[1] = columns - 5;
    for (int64_t n = 0; n < rows; ++n) {
      slice.readRow(n, part);
      for (int64_t k = 0; k < columns - 5; ++k)
        ASSERT_EQ(part[k], whole[n * columns + k + 3]) << name(type).str() << n << ", " << k;
    }
  }
}

} // namespace
