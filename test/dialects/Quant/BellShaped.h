// Rows to quantise, a fixture that packs them, and what they are then.
#ifndef TEST_DIALECTS_QUANT_BELLSHAPED_H
#define TEST_DIALECTS_QUANT_BELLSHAPED_H

#include "dialects/Quant/Format.h"
#include "dialects/Quant/Pack.h"
#include "dialects/Quant/Q4.h"
#include "dialects/Quant/Weight.h"
#include "mlir/IR/MLIRContext.h"
#include <gtest/gtest.h>
#include <random>

namespace rwkvc::weight {

// Some rows are zero, tiny, or at some inputs `outliers` times as large.
inline std::vector<float> bellShaped(int64_t rows, int64_t inputs, float outliers = 100) {
  std::mt19937 random(1);
  std::vector<float> values(rows * inputs);
  for (int64_t i = 0; i < rows * inputs; ++i) {
    float sum = -6;
    for (int j = 0; j < 12; ++j)
      sum += float(random()) / 4294967296.0f;
    int64_t row = i / inputs;
    values[i] = row % 16 == 3 ? 0 : row % 16 == 5 ? sum * 1e-30f : row % 16 == 7 && i % 29 == 0 ? outliers * sum : sum;
  }
  return values;
}

class PackTensor : public testing::Test {
protected:
  PackTensor() : context(mlir::MLIRContext::Threading::DISABLED) { context.loadDialect<WeightDialect>(); }

  std::vector<uint8_t> pack(llvm::ArrayRef<float> values, int64_t N, int64_t K, llvm::StringRef format, int64_t panel,
                            unsigned threads, bool inputMajor = false, const InputMoments *moments = nullptr) {
    auto view = TensorView::dense(reinterpret_cast<const std::byte *>(values.data()), DType::F32, {N, K});
    auto type = mlir::RankedTensorType::get({N, K}, mlir::Float32Type::get(&context),
                                            LayoutAttr::get(&context, format, panel, inputMajor));
    std::vector<uint8_t> bytes;
    std::vector<float> seen;
    llvm::Error error = packTensor(
        {"w", view, {}, {}, type, moments, threads},
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

/// What the panels of 16 outputs in `bytes` stand for, as docs/ModuleFormat.md lays them out.
inline std::vector<double> unpacked(const Format &format, llvm::ArrayRef<uint8_t> bytes, int64_t N, int64_t K) {
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

/// Asserts that the squared error of each row but the seventh of 16 is at most `bound` squared of its squares.
inline void expectLittleError(const std::vector<float> &values, const std::vector<double> &found, int64_t inputs,
                              double bound) {
  for (size_t n = 0; n < values.size() / inputs; ++n) {
    double square = 0, error = 0;
    for (size_t i = n * inputs; i < (n + 1) * inputs; ++i) {
      square += double(values[i]) * values[i];
      error += (found[i] - values[i]) * (found[i] - values[i]);
    }
    if (n % 16 != 7)
      EXPECT_LE(error, square * bound * bound) << "row " << n << ": " << std::sqrt(error / square);
  }
}

} // namespace rwkvc::weight

#endif // TEST_DIALECTS_QUANT_BELLSHAPED_H
