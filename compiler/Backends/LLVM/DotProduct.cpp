//===- DotProduct.cpp - Four products of bytes in a 32-bit lane -----------===//
#include "compiler/Backends/LLVM/DotProduct.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/SmallVectorExtras.h"

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::llvm_backend;
using weight::kLanes;

std::unique_ptr<DotProduct> DotProduct::create(Emitter &emitter, kernel::GroupsAttr groups, const int8_t *codeValues) {
  bool isBytes = groups.getOrder() == kernel::ByteOrder::Bytes;
  auto *make = emitter.mayUse("neon") ? (isBytes ? makeNeonDotProduct : makeNeonWideningDotProduct)
                                      : (isBytes ? makeVnniDotProduct : makeAvx2DotProduct);
  return make(emitter, groups, codeValues);
}

DotProduct::DotProduct(Emitter &emitter, kernel::GroupsAttr groups, const int8_t *codeValues, int bias)
    : emitter(emitter), groups(groups), lanes(VectorType::get(kLanes, emitter.getI32Type())) {
  if (!codeValues)
    return;
  SmallVector<int8_t> repeated;
  for (int64_t i = 0; i < 4 * kLanes; ++i)
    repeated.push_back(int8_t(codeValues[i % 16] + bias));
  auto type = VectorType::get(4 * kLanes, emitter.getI8Type());
  table = arith::ConstantOp::create(emitter, DenseElementsAttr::get(type, ArrayRef<int8_t>(repeated)));
}

Value DotProduct::loadLanes(Value pointer) { return LLVM::LoadOp::create(emitter, lanes, pointer, 16); }

Value DotProduct::call(StringRef intrinsic, Type type, ValueRange arguments) {
  return LLVM::CallIntrinsicOp::create(emitter, type, emitter.getStringAttr(intrinsic), arguments)->getResult(0);
}

Value DotProduct::splat(uint32_t value) {
  return arith::ConstantOp::create(emitter, DenseElementsAttr::get(lanes, APInt(32, value)));
}

Value DotProduct::broadcast(Value group, int64_t bytes) {
  Value four = LLVM::LoadOp::create(emitter, emitter.getI32Type(), emitter.at(group, bytes), 4);
  return vector::BroadcastOp::create(emitter, lanes, four);
}

Value DotProduct::cast(Value vector, unsigned elementBits) {
  auto type = ::cast<VectorType>(vector.getType());
  int64_t bits = type.getNumElements() * type.getElementTypeBitWidth();
  return vector::BitCastOp::create(emitter, VectorType::get(bits / elementBits, emitter.getIntegerType(elementBits)),
                                   vector);
}

Value DotProduct::callOnParts(StringRef intrinsic, ArrayRef<Value> arguments, int64_t parts, VectorType result) {
  auto partOf = [&](Value whole, int64_t i) -> Value {
    int64_t size = ::cast<VectorType>(whole.getType()).getNumElements() / parts;
    return vector::ShuffleOp::create(emitter, whole, whole, llvm::to_vector(llvm::seq(i * size, (i + 1) * size)));
  };
  auto type = VectorType::get(result.getNumElements() / parts, result.getElementType());
  SmallVector<Value> results;
  for (int64_t i = 0; i < parts; ++i)
    results.push_back(
        call(intrinsic, type, llvm::map_to_vector(arguments, [&](Value argument) { return partOf(argument, i); })));
  for (int64_t size = type.getNumElements(); results.size() > 1; size *= 2) {
    SmallVector<Value> joined;
    for (size_t i = 0; i < results.size(); i += 2)
      joined.push_back(vector::ShuffleOp::create(emitter, results[i], results[i + 1],
                                                 llvm::to_vector(llvm::seq<int64_t>(0, 2 * size))));
    results = joined;
  }
  return results.front();
}

Value DotProduct::lookUp(StringRef intrinsic, int64_t parts, Value lanes, int64_t half) {
  Value bytes = cast(lanes, 8);
  Value indices = half ? arith::ShRUIOp::create(emitter, bytes, cast(splat(0x04040404), 8)).getResult()
                       : arith::AndIOp::create(emitter, bytes, cast(splat(0x0f0f0f0f), 8)).getResult();
  return cast(callOnParts(intrinsic, {table, indices}, parts, ::cast<VectorType>(table.getType())), 32);
}

DotProduct::Inputs ByteDotProduct::loadInputs(Value group, int64_t quad) {
  Value first = broadcast(group, 4 * quad);
  return isWide() ? Inputs{first, broadcast(group, groups.getIntegerBytes() / 2 + 4 * quad)} : Inputs{first, {}};
}

DotProduct::Sum ByteDotProduct::start(Value offset) {
  Value first = vector::BroadcastOp::create(emitter, lanes, offset);
  return isWide() ? Sum{splat(0), first} : Sum{first, {}};
}

void ByteDotProduct::accumulate(Sum &sum, Value weights, const Inputs &inputs) {
  sum.first = dot(sum.first, weights, inputs.first);
  if (isWide())
    sum.second = dot(sum.second, weights, inputs.second);
}

Value ByteDotProduct::finish(const Sum &sum) {
  if (!isWide())
    return sum.first;
  return arith::AddIOp::create(emitter, arith::ShLIOp::create(emitter, sum.first, splat(8)), sum.second);
}
