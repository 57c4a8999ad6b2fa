//===- StructBuilder.cpp - Constants of C's structs -----------------------===//
#include "compiler/Backends/LLVM/StructBuilder.h"

using namespace mlir;
using namespace rwkvc;
using llvm_backend::StructBuilder;

void StructBuilder::integer(unsigned bits, uint64_t value) {
  Type type = builder.getIntegerType(bits);
  values.push_back(LLVM::ConstantOp::create(builder, type, builder.getIntegerAttr(type, value)));
}

void StructBuilder::real(float value) {
  values.push_back(LLVM::ConstantOp::create(builder, builder.getF32Type(), builder.getF32FloatAttr(value)));
}

void StructBuilder::address(StringRef symbol) {
  auto pointer = LLVM::LLVMPointerType::get(builder.getContext());
  values.push_back(LLVM::AddressOfOp::create(builder, pointer, symbol));
}

void StructBuilder::null() {
  values.push_back(LLVM::ZeroOp::create(builder, LLVM::LLVMPointerType::get(builder.getContext())));
}

Value StructBuilder::finish() {
  SmallVector<Type> types = llvm::map_to_vector(values, [](Value value) { return value.getType(); });
  return aggregate(LLVM::LLVMStructType::getLiteral(builder.getContext(), types));
}

Value StructBuilder::finishArray(Type element) {
  return aggregate(LLVM::LLVMArrayType::get(element, values.size()));
}

Value StructBuilder::aggregate(Type type) {
  Value result = LLVM::UndefOp::create(builder, type);
  for (auto [i, value] : llvm::enumerate(values))
    result = LLVM::InsertValueOp::create(builder, result, value, ArrayRef<int64_t>(i));
  return result;
}

LLVM::GlobalOp llvm_backend::emitGlobal(ImplicitLocOpBuilder &builder, StringRef symbol, function_ref<Value()> build) {
  OpBuilder::InsertionGuard guard(builder);
  // The type is known once the value is; it is built in place.
  auto global = LLVM::GlobalOp::create(builder, builder.getI8Type(), /*isConstant=*/true, LLVM::Linkage::Internal,
                                       symbol, Attribute());
  builder.createBlock(&global.getInitializerRegion());
  Value value = build();
  LLVM::ReturnOp::create(builder, value);
  global.setGlobalType(value.getType());
  return global;
}
