// Packs tensors of every format and of odd shapes, and reads them back element by element as the layout says.
#include "dialects/Quant/Pack.h"
#include "dialects/Quant/Format.h"
#include "dialects/Quant/Weight.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/MathExtras.h"
#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <limits>

using namespace rwkvc;
using namespace rwkvc::weight;

namespace {

// What upstream's arithmetic makes of `x`: the reference for every rounding.
uint64_t bitsAs(mlir::Type type, float x) {
  llvm::APFloat value(x);
  bool inexact;
  value.convert(mlir::cast<mlir::FloatType>(type).getFloatSemantics(), llvm::APFloat::rmNearestTiesToEven, &inexact);
  return value.bitcastToAPInt().getZExtValue();
}

class Pack : public testing::Test {
protected:
  Pack() : context(mlir::MLIRContext::Threading::DISABLED) { context.loadDialect<WeightDialect>(); }

  mlir::RankedTensorType type(llvm::ArrayRef<int64_t> shape, llvm::StringRef format, int64_t panel,
                              bool inputMajor = false) {
    auto element = findFormat(format)->elementType;
    return mlir::RankedTensorType::get(shape, element ? element(&context) : mlir::Float32Type::get(&context),
                                       LayoutAttr::get(&context, format, panel, inputMajor));
  }

  std::string pack(mlir::RankedTensorType type, const TensorView &source, mlir::ArrayAttr transforms = {},
                   const TensorTable &table = {}) {
    packed.clear();
    seen.clear();
    llvm::Error error = packTensor(
        {"w", source, transforms, table, type},
        [&](llvm::ArrayRef<float> row) { seen.insert(seen.end(), row.begin(), row.end()); },
        [&](llvm::ArrayRef<uint8_t> bytes) {
          packed.insert(packed.end(), bytes.begin(), bytes.end());
          return llvm::Error::success();
        });
    return error ? llvm::toString(std::move(error)) : "";
  }

  uint64_t element(uint64_t index, mlir::Type type) {
    uint64_t bits = 0, bytes = type.getIntOrFloatBitWidth() / 8;
    EXPECT_LE((index + 1) * bytes, packed.size());
    std::memcpy(&bits, packed.data() + index * bytes, bytes);
    return bits;
  }

  // [ceil(N / panel), ceil(K / step), panel, step], or [N, K].
  void expectLayout(mlir::RankedTensorType type, llvm::ArrayRef<float> values) {
    auto layout = mlir::cast<LayoutAttr>(type.getEncoding());
    int64_t panel = layout.getPanel(), step = findFormat(layout.getFormat())->inputStep;
    int64_t K = type.getShape().back(), N = type.getNumElements() / K;
    ASSERT_EQ(packed.size(), packedBytes(type));
    if (panel == 0) {
      for (int64_t i = 0; i < N * K; ++i)
        ASSERT_EQ(element(i, type.getElementType()), bitsAs(type.getElementType(), values[i])) << i;
      return;
    }
    int64_t steps = (K + step - 1) / step;
    for (int64_t n = 0; n < (N + panel - 1) / panel * panel; ++n)
      for (int64_t k = 0; k < steps * step; ++k) {
        float expected = n < N && k < K ? values[n * K + k] : 0;
        uint64_t index = ((n / panel * steps + k / step) * panel + n % panel) * step + k % step;
        ASSERT_EQ(element(index, type.getElementType()), bitsAs(type.getElementType(), expected)) << n << ", " << k;
      }
  }

  mlir::MLIRContext context;
  std::vector<uint8_t> packed;
  std::vector<float> seen;
};

// Every exponent of every format, with both signs and all kinds of tails; small enough for f16.
std::vector<float> variedValues(size_t count) {
  std::vector<float> values(count);
  uint32_t random = 1;
  for (float &x : values) {
    random = random * 1664525 + 1013904223;
    uint32_t exponent = 127 - 40 + (random >> 8) % 55;
    x = llvm::bit_cast<float>((random & 0x80000000) | exponent << 23 | (random * 2654435761u) >> 9);
  }
  return values;
}

TensorView view(llvm::ArrayRef<float> values, llvm::ArrayRef<int64_t> shape) {
  return TensorView::dense(reinterpret_cast<const std::byte *>(values.data()), DType::F32, shape);
}

// Formats that keep each value by itself.
std::vector<const Format *> floatFormats() {
  std::vector<const Format *> result;
  llvm::copy_if(formats(), std::back_inserter(result), [](const Format *format) { return format->elementType; });
  return result;
}

TEST_F(Pack, EveryFormatAndShape) {
  for (const Format *format : floatFormats())
    for (int64_t panel : {0, 16, 32, 64})
      for (auto [N, K] :
           {std::pair<int64_t, int64_t>{1, 1}, {64, 64}, {63, 33}, {65, 31}, {130, 17}, {7, 128}, {16, 2}}) {
        SCOPED_TRACE(format->name.str() + " " + std::to_string(N) + "x" + std::to_string(K) + " panel " +
                     std::to_string(panel));
        std::vector<float> values = variedValues(N * K);
        ASSERT_EQ(pack(type({N, K}, format->name, panel), view(values, {N, K})), "");
        expectLayout(type({N, K}, format->name, panel), values);
        EXPECT_EQ(seen, values);
      }
}

// [K, ceil(N / 128) * 128], but for bf16 outputs that are 16 apart are neighbours.
TEST_F(Pack, InputMajor) {
  for (const Format *format : floatFormats())
    for (auto [N, K] : {std::pair<int64_t, int64_t>{1, 1}, {128, 3}, {300, 700}}) {
      SCOPED_TRACE(format->name.str() + " " + std::to_string(N) + "x" + std::to_string(K));
      std::vector<float> values = variedValues(N * K);
      auto type = this->type({N, K}, format->name, kInputBlock, /*inputMajor=*/true);
      ASSERT_EQ(pack(type, view(values, {N, K})), "");
      int64_t width = llvm::alignTo(N, kInputBlock);
      ASSERT_EQ(packed.size(), K * width * type.getElementTypeBitWidth() / 8);
      ASSERT_EQ(packed.size(), packedBytes(type));
      EXPECT_EQ(seen, values);
      for (int64_t k = 0; k < K; ++k)
        for (int64_t n = 0; n < width; ++n) {
          int64_t place = format->inputStep == 1 ? n : n / 32 * 32 + n % 16 * 2 + n % 32 / 16;
          ASSERT_EQ(element(k * width + place, type.getElementType()),
                    bitsAs(type.getElementType(), n < N ? values[n * K + k] : 0))
              << n << ", " << k;
        }
    }
  std::vector<float> values(64 * 64, 1.0f);
  EXPECT_EQ(pack(type({64, 64}, "f32", 64, true), view(values, {64, 64})),
            "weight 'w' cannot be input-major as f32 in panels of 64 outputs");
}

TEST_F(Pack, RoundsAsUpstreamDoes) {
  std::vector<float> values;
  for (uint32_t high = 0; high < 0x8000; ++high) // every magnitude's upper half, and what lies around ties
    for (uint32_t low : {0x0000u, 0x0001u, 0x0fffu, 0x1000u, 0x1001u, 0x7fffu, 0x8000u, 0x8001u, 0xffffu})
      for (uint32_t sign : {0u, 0x80000000u})
        if (float x = llvm::bit_cast<float>(sign | high << 16 | low); std::fabs(x) <= 65504.0f)
          values.push_back(x);
  int64_t count = values.size();
  for (const Format *format : floatFormats()) {
    ASSERT_EQ(pack(type({count}, format->name, 0), view(values, {count})), "");
    expectLayout(type({count}, format->name, 0), values);
  }
}

TEST_F(Pack, StridedSource) {
  std::vector<float> values = variedValues(20 * 33), transposed(20 * 33);
  for (int64_t i = 0; i < 20; ++i)
    for (int64_t j = 0; j < 33; ++j)
      transposed[j * 20 + i] = values[i * 33 + j];
  TensorView source = view(values, {20, 33});
  std::swap(source.shape[0], source.shape[1]);
  std::swap(source.strides[0], source.strides[1]);
  ASSERT_EQ(pack(type({33, 20}, "f32", 16), source), "");
  expectLayout(type({33, 20}, "f32", 16), transposed);
}

TEST_F(Pack, TransformsEachRow) {
  std::vector<float> values = {0, 1, 2, 3, 4, -5}, expected;
  for (float x : values)
    expected.push_back(std::exp(-std::exp(double(x))));
  auto transforms = mlir::ArrayAttr::get(&context, MapAttr::get(&context, MapKind::ExpNegExp));
  ASSERT_EQ(pack(type({6}, "f32", 0), view(values, {6}), transforms), "");
  expectLayout(type({6}, "f32", 0), expected);
  EXPECT_EQ(seen, values);
}

TEST_F(Pack, RefusesWhatItCannotHold) {
  std::vector<float> values(64, 1.0f);
  values[5] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(pack(type({8, 8}, "bf16", 16), view(values, {8, 8})), "weight 'w' has a value that is not finite");
  values[5] = -std::numeric_limits<float>::infinity();
  EXPECT_EQ(pack(type({8, 8}, "f32", 0), view(values, {8, 8})), "weight 'w' has a value that is not finite");
  values[5] = 1e6f;
  EXPECT_EQ(pack(type({8, 8}, "bf16", 16), view(values, {8, 8})), "");
  EXPECT_EQ(pack(type({8, 8}, "f16", 16), view(values, {8, 8})),
            "weight 'w' has the value 1000000.00, which f16 cannot hold");
  EXPECT_EQ(pack(type({8, 9}, "f16", 16), view(values, {8, 8})),
            "weight 'w' has 64 elements in the checkpoint, but 72 in the program");
  EXPECT_EQ(pack(type({64}, "f16", 16), view(values, {64})), "weight 'w' of rank 1 cannot have panels of 16 outputs");
}

TEST_F(Pack, StopsWhenTheSinkDoes) {
  std::vector<float> values(256 * 4096, 1.0f); // 16 pieces
  TensorView source = view(values, {256, 4096});
  int calls = 0;
  llvm::Error error =
      packTensor({"w", source, {}, {}, type({256, 4096}, "f32", 16)}, nullptr, [&](llvm::ArrayRef<uint8_t>) {
        return ++calls == 2 ? llvm::createStringError("full") : llvm::Error::success();
      });
  EXPECT_EQ(llvm::toString(std::move(error)), "full");
  EXPECT_EQ(calls, 2);
}

} // namespace
