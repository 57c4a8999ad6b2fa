//===- DescribeModule.cpp - What the module says of itself ----------------===//
//
// Emits rwkvc_module_t as data, field by field in the order of runtime/abi/rwkvc_module.h,
// and the query that returns it.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/LLVM/ModuleFacts.h"
#include "compiler/Backends/LLVM/Passes.h"
#include "compiler/Backends/LLVM/StructBuilder.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "runtime/abi/rwkvc_module.h"

namespace rwkvc::llvm_backend {
#define GEN_PASS_DEF_DESCRIBEMODULE
#include "compiler/Backends/LLVM/Passes.h.inc"
} // namespace rwkvc::llvm_backend

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::llvm_backend;

namespace {

struct DescribeModule : llvm_backend::impl::DescribeModuleBase<DescribeModule> {
  using DescribeModuleBase::DescribeModuleBase;

  void runOnOperation() override {
    FailureOr<ModuleFacts> facts = collectFacts(getOperation());
    if (failed(facts))
      return signalPassFailure();
    ImplicitLocOpBuilder builder(getOperation().getLoc(), &getContext());
    builder.setInsertionPointToEnd(getOperation().getBody());
    declareStep(builder);
    emitSlots(builder, facts->slots);
    emitStrings(builder, *facts);
    if (!facts->tokenizer.empty())
      emitBytes(builder, "tokenizer", facts->tokenizer);
    emitProducts(builder);
    emitHeader(builder, *facts);
    emitQuery(builder);
  }

  /// kernel-tile writes it.
  void declareStep(ImplicitLocOpBuilder &builder) {
    Type pointer = LLVM::LLVMPointerType::get(&getContext()), i32 = builder.getI32Type();
    auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(&getContext()), {pointer, i32, i32});
    LLVM::LLVMFuncOp::create(builder, "step", type);
  }

  void emitBytes(ImplicitLocOpBuilder &builder, StringRef symbol, StringRef bytes) {
    auto type = LLVM::LLVMArrayType::get(builder.getI8Type(), bytes.size());
    LLVM::GlobalOp::create(builder, type, /*isConstant=*/true, LLVM::Linkage::Internal, symbol,
                           builder.getStringAttr(bytes));
  }

  void emitString(ImplicitLocOpBuilder &builder, StringRef symbol, StringRef text) {
    emitBytes(builder, symbol, text.str() + '\0');
  }

  void emitStrings(ImplicitLocOpBuilder &builder, const ModuleFacts &facts) {
    emitString(builder, "text.compiler", "rwkvc " RWKVC_VERSION);
    emitString(builder, "text.architecture", facts.architecture);
    emitString(builder, "text.triple", triple);
    emitString(builder, "text.cpu", cpu);
    std::string list = features;
    std::replace(list.begin(), list.end(), ';', ',');
    emitString(builder, "text.features", list);
    emitString(builder, "text.formats", facts.formats);
    emitString(builder, "text.kernels", facts.kernels);
  }

  void emitSlots(ImplicitLocOpBuilder &builder, ArrayRef<StateSlot> slots) {
    for (auto [i, slot] : llvm::enumerate(slots))
      emitString(builder, ("text.slot." + Twine(i)).str(), slot.name);
    emitGlobal(builder, "slots", [&] {
      StructBuilder array(builder);
      Type type;
      for (auto [i, slot] : llvm::enumerate(slots)) {
        StructBuilder entry(builder), shape(builder);
        entry.address(("text.slot." + Twine(i)).str());
        entry.integer(64, slot.offset);
        entry.integer(32, slot.shape.size());
        for (size_t axis = 0; axis < 4; ++axis)
          shape.integer(32, axis < slot.shape.size() ? slot.shape[axis] : 1);
        entry.value(shape.finishArray(builder.getI32Type()));
        entry.real(slot.initial);
        Value value = entry.finish();
        type = value.getType();
        array.value(value);
      }
      return array.finishArray(type);
    });
  }

  /// None yet: a backend that needs its host for some of them puts a list in its place.
  void emitProducts(ImplicitLocOpBuilder &builder) {
    emitGlobal(builder, "products", [&] {
      StructBuilder none(builder);
      none.null();
      return none.finishArray(LLVM::LLVMPointerType::get(&getContext()));
    });
  }

  void emitHeader(ImplicitLocOpBuilder &builder, const ModuleFacts &facts) {
    emitGlobal(builder, "module", [&] {
      StructBuilder header(builder);
      header.integer(32, RWKVC_ABI_VERSION);
      header.integer(32, sizeof(rwkvc_module_t));
      for (StringRef text : {"compiler", "architecture", "triple", "cpu", "features", "formats", "kernels"})
        header.address(("text." + text).str());
      for (int64_t size : {facts.layers, facts.channels, facts.heads, facts.headSize, facts.ffnWidth, facts.vocabulary})
        header.integer(32, size);
      header.integer(32, maxRows);
      header.integer(32, facts.slots.size());
      header.address("slots");
      for (int64_t size : {facts.stateBytes, facts.arenaRowBytes, facts.weightsBytes, facts.decodeBytes, facts.rowFlops,
                           facts.headFlops})
        header.integer(64, size);
      header.address("step");
      facts.tokenizer.empty() ? header.null() : header.address("tokenizer");
      header.integer(64, facts.tokenizer.size());
      header.integer(64, facts.skippableBytes);
      header.address("products");
      return header.finish();
    });
  }

  void emitQuery(ImplicitLocOpBuilder &builder) {
    auto pointer = LLVM::LLVMPointerType::get(&getContext());
    auto type = LLVM::LLVMFunctionType::get(pointer, {builder.getI32Type()});
    auto query = LLVM::LLVMFuncOp::create(builder, RWKVC_QUERY_SYMBOL, type);
    Block *entry = query.addEntryBlock(builder);
    builder.setInsertionPointToStart(entry);
    Value version = arith::ConstantOp::create(builder, builder.getI32IntegerAttr(RWKVC_ABI_VERSION));
    Value speaks = arith::CmpIOp::create(builder, arith::CmpIPredicate::uge, entry->getArgument(0), version);
    Value module = LLVM::AddressOfOp::create(builder, pointer, "module");
    Value none = LLVM::ZeroOp::create(builder, pointer);
    Value answer = LLVM::SelectOp::create(builder, speaks, module, none);
    LLVM::ReturnOp::create(builder, answer);
  }
};

} // namespace
