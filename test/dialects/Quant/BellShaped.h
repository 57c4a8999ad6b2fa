// Rows to quantise, and a fixture that packs them.
#ifndef TEST_DIALECTS_QUANT_BELLSHAPED_H
#define TEST_DIALECTS_QUANT_BELLSHAPED_H

#include "dialects/Quant/Pack.h"
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
                            unsigned threads, bool inputMajor = false) {
    auto view = TensorView::dense(reinterpret_cast<const std::byte *>(values.data()), DType::F32, {N, K});
    auto type = mlir::RankedTensorType::get({N, K}, mlir::Float32Type::get(&context),
                                            LayoutAttr::get(&context, format, panel, inputMajor));
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
