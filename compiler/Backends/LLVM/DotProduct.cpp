//===- DotProduct.cpp - Four products of bytes in a 32-bit lane -----------===//
#include "compiler/Backends/LLVM/DotProduct.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::llvm_backend;
using weight::kLanes;

DotProduct::DotProduct(Emitter &emitter, kernel::GroupsAttr groups)
    : emitter(emitter), groups(groups), isBytes(groups.getOrder() == kernel::ByteOrder::Bytes),
      isWide(isBytes && groups.getBits() == 16), lanes(VectorType::get(kLanes, emitter.getI32Type())) {}

Value DotProduct::call(StringRef intrinsic, Type type, ValueRange arguments) {
  return LLVM::CallIntrinsicOp::create(emitter, type, emitter.getStringAttr(intrinsic), arguments)->getResult(0);
}

Value DotProduct::splat(uint32_t value) {
  return arith::ConstantOp::create(emitter, DenseElementsAttr::get(lanes, APInt(32, value)));
}

Value DotProduct::cast(Value vector, unsigned elementBits) {
  auto type = ::cast<VectorType>(vector.getType());
  int64_t bits = type.getNumElements() * type.getElementTypeBitWidth();
  return vector::BitCastOp::create(emitter, VectorType::get(bits / elementBits, emitter.getIntegerType(elementBits)),
                                   vector);
}

Value DotProduct::callOnHalves(StringRef intrinsic, Value a, Value b, unsigned resultBits) {
  int64_t count = ::cast<VectorType>(a.getType()).getNumElements();
  SmallVector<Value> halves;
  for (int64_t begin : {int64_t(0), count / 2}) {
    auto picked = llvm::to_vector(llvm::seq(begin, begin + count / 2));
    Value x = vector::ShuffleOp::create(emitter, a, a, picked), y = vector::ShuffleOp::create(emitter, b, b, picked);
    halves.push_back(call(intrinsic, VectorType::get(256 / resultBits, emitter.getIntegerType(resultBits)), {x, y}));
  }
  return vector::ShuffleOp::create(emitter, halves[0], halves[1],
                                   llvm::to_vector(llvm::seq<int64_t>(0, 512 / resultBits)));
}

Value DotProduct::loadLanes(Value pointer) { return LLVM::LoadOp::create(emitter, lanes, pointer, 16); }

Value DotProduct::makeTable(ArrayRef<int8_t> values) {
  SmallVector<int8_t> repeated;
  for (int64_t i = 0; i < 64; ++i)
    repeated.push_back(int8_t(uint8_t(values[i % 16] + 128)));
  auto type = VectorType::get(64, emitter.getI8Type());
  return arith::ConstantOp::create(emitter, DenseElementsAttr::get(type, ArrayRef<int8_t>(repeated)));
}

Value DotProduct::lookUp(Value codes, int64_t half, Value table) {
  if (half)
    codes = arith::ShRUIOp::create(emitter, codes, splat(4));
  if (emitter.mayUse("avx512vbmi")) // takes 6 bits of a byte, and the table repeats every 16
    return cast(call("llvm.x86.avx512.permvar.qi.512", table.getType(), {table, cast(codes, 8)}), 32);
  Value indices = cast(arith::AndIOp::create(emitter, codes, splat(0x0f0f0f0f)), 8);
  if (isBytes)
    return cast(call("llvm.x86.avx512.pshuf.b.512", indices.getType(), {table, indices}), 32);
  return cast(callOnHalves("llvm.x86.avx2.pshuf.b", table, indices, 8), 32);
}

Value DotProduct::scale(Value codes, Value fractions) {
  auto words = [&](uint32_t value) { return cast(splat(value << 16 | value), 16); };
  // A code in the upper half of a word, without its 128; the product is rounded to that half and gets the 128 again.
  auto scaled = [&](Value upper) -> Value {
    Value code = arith::XOrIOp::create(emitter, upper, words(0x8000));
    Value product = call("llvm.x86.avx512.pmul.hr.sw.512", code.getType(), {code, cast(fractions, 16)});
    return arith::AddIOp::create(emitter, product, words(0x8080));
  };
  Value bytes = cast(codes, 16);
  Value even = scaled(arith::ShLIOp::create(emitter, bytes, words(8)));
  Value odd = scaled(arith::AndIOp::create(emitter, bytes, words(0xff00)));
  return cast(arith::OrIOp::create(emitter, arith::ShRUIOp::create(emitter, even, words(8)),
                                   arith::AndIOp::create(emitter, odd, words(0xff00))),
              32);
}

DotProduct::Inputs DotProduct::loadInputs(Value group, int64_t quad) {
  auto repeated = [&](int64_t bytes) -> Value {
    Value four = LLVM::LoadOp::create(emitter, emitter.getI32Type(), emitter.at(group, bytes), 4);
    return vector::BroadcastOp::create(emitter, lanes, four);
  };
  if (isBytes && !isWide)
    return {repeated(4 * quad), {}};
  return {repeated(4 * quad), repeated(groups.getIntegerBytes() / 2 + 4 * quad)};
}

DotProduct::Sum DotProduct::start(Value offset) {
  Value first = vector::BroadcastOp::create(emitter, lanes, offset);
  return isWide ? Sum{splat(0), first} : Sum{first, {}};
}

void DotProduct::accumulate(Sum &sum, Value weights, const Inputs &inputs) {
  if (isBytes) {
    auto dot = [&](Value sum, Value x) {
      return call("llvm.x86.avx512.vpdpbusd.512", lanes, {sum, cast(weights, 8), cast(x, 8)});
    };
    sum.first = dot(sum.first, inputs.first);
    if (isWide)
      sum.second = dot(sum.second, inputs.second);
    return;
  }
  Value even = arith::AndIOp::create(emitter, weights, splat(0x00ff00ff));
  Value odd = cast(arith::ShRUIOp::create(emitter, cast(weights, 16), cast(splat(0x00080008), 16)), 32);
  auto dot = [&](Value sum, Value w, Value x) -> Value {
    return arith::AddIOp::create(emitter, sum, callOnHalves("llvm.x86.avx2.pmadd.wd", cast(w, 16), cast(x, 16), 32));
  };
  sum.first = dot(dot(sum.first, even, inputs.first), odd, inputs.second);
}

Value DotProduct::finish(const Sum &sum) {
  if (!isWide)
    return sum.first;
  return arith::AddIOp::create(emitter, arith::ShLIOp::create(emitter, sum.first, splat(8)), sum.second);
}
