//===- OneDNNBackend.cpp - Gemms of many rows by oneDNN -------------------===//
//
// The host's oneDNN multiplies some rows with a panel; what follows the sums is emitted here as for LLVM. One panel at a
// time, whoever has it, so that results do not depend on threads.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/Backend.h"
#include "compiler/Backends/LLVM/GemmEpilogue.h"
#include "compiler/Backends/LLVM/KernelBody.h"
#include "compiler/Backends/OneDNN/Products.h"
#include "dialects/Quant/Weight.h"
#include "runtime/abi/rwkvc_module.h"
#include <cstddef>

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::llvm_backend;
using weight::kLanes;

/// Rows of a call: their sums are on the stack and still in a core's second-level cache when the epilogue reads them.
static constexpr int64_t kRows = 256;

/// Outputs of a panel in the layout that oneDNN shares with us.
static constexpr int64_t kPanel = 64;

static onednn_backend::Product productOf(kernel::GemmOp gemm) {
  auto x = cast<RankedTensorType>(gemm.getX().getType());
  return {x.getElementType().isBF16(), x.getDimSize(1), kRows, kPanel};
}

static std::string refuses(kernel::KernelOpInterface op, const KernelTarget &target) {
  auto gemm = dyn_cast<kernel::GemmOp>(*op);
  if (!gemm)
    return "it is no product of matrices";
  kernel::ScheduleAttr schedule = gemm.getScheduleAttr();
  auto x = cast<RankedTensorType>(gemm.getX().getType());
  auto layout =
      dyn_cast_or_null<weight::LayoutAttr>(cast<RankedTensorType>(gemm.getWeight().getType()).getEncoding());
  if (!layout)
    return "its weight has no layout";
  if (schedule.getMostRows())
    return "it is of a few rows";
  if (layout.getInputMajor())
    return "its weight is input-major";
  if (schedule.getTileInputs() || schedule.getPrefetch())
    return "it parts inputs and asks for memory as it likes";
  bool isBf16 = x.getElementType().isBF16();
  if (!isBf16 && !x.getElementType().isF32())
    return "oneDNN has no scale for each group of inputs";
  if (layout.getFormat() != (isBf16 ? "bf16" : "f32"))
    return ("its weight is stored as " + layout.getFormat() + ", but its rows are " + (isBf16 ? "bf16" : "f32")).str();
  if (!target.mayUse(isBf16 ? "avx512bf16" : "avx512f"))
    return "oneDNN is only fast with " + std::string(isBf16 ? "AVX512-BF16" : "AVX-512");
  if (schedule.getPanel() != kPanel)
    return "its panels have " + std::to_string(schedule.getPanel()) + " outputs, not " + std::to_string(kPanel);
  if (int64_t step = isBf16 ? 32 : 16; x.getDimSize(1) % step)
    return std::to_string(x.getDimSize(1)) + " inputs are not whole blocks of " + std::to_string(step);
  return {};
}

namespace {

class ProductGemm {
public:
  ProductGemm(kernel::GemmOp op, Emitter &emitter, const KernelFrame &frame, StringRef product)
      : op(op), emitter(emitter), frame(frame), pointer(LLVM::LLVMPointerType::get(op.getContext())) {
    auto type = cast<RankedTensorType>(op.getWeight().getType());
    auto layout = cast<weight::LayoutAttr>(type.getEncoding());
    outputs = type.getDimSize(0);
    panelBytes = weight::findFormat(layout.getFormat())->panelBytes(type.getDimSize(1), kPanel);
    rowBytes = kernel::rowBytes(cast<RankedTensorType>(op.getX().getType()));
    sums = emitter.stack(kRows * kPanel * 4);
    Value entry = LLVM::AddressOfOp::create(emitter, pointer, product);
    context = LLVM::LoadOp::create(emitter, pointer, emitter.at(entry, offsetof(rwkvc_product_t, context)), 8);
    multiply = LLVM::LoadOp::create(emitter, pointer, emitter.at(entry, offsetof(rwkvc_product_t, multiply)), 8);
  }

  void emit() {
    int64_t whole = outputs / kPanel;
    Value end = emitter.min(frame.unitEnd, emitter.i64(whole));
    emitter.loop(frame.unitBegin, end, 1, {}, [&](Value panel, ValueRange) -> SmallVector<Value> {
      emitPanel(panel, kPanel);
      return {};
    });
    if (outputs % kPanel == 0)
      return;
    Value last = emitter.i64(whole);
    Value owned = arith::CmpIOp::create(emitter, arith::CmpIPredicate::sgt, frame.unitEnd, last);
    emitter.when(owned, [&] { emitPanel(last, outputs % kPanel); });
  }

private:
  void emitPanel(Value panel, int64_t columns) {
    Value weights = emitter.at(frame.pointers[1], emitter.mul(panel, panelBytes));
    emitter.loop(frame.rowBegin, frame.rowEnd, kRows, {}, [&](Value first, ValueRange) -> SmallVector<Value> {
      Value count = emitter.min(emitter.sub(frame.rowEnd, first), emitter.i64(kRows));
      Value rows = emitter.at(frame.pointers[0], emitter.mul(first, rowBytes));
      auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(emitter.getContext()),
                                              {pointer, pointer, emitter.getI64Type(), pointer, pointer});
      LLVM::CallOp::create(emitter, type, ValueRange{multiply, context, rows, count, weights, sums});
      emitter.loop(emitter.i64(0), count, 1, {}, [&](Value row, ValueRange) -> SmallVector<Value> {
        finishRow(first, row, emitter.mul(panel, kPanel), columns);
        return {};
      });
      return {};
    });
  }

  /// What follows the sums of a row of the call.
  void finishRow(Value first, Value row, Value output, int64_t columns) {
    Value rowSums = emitter.at(sums, emitter.mul(row, kPanel * 4));
    for (int64_t column = 0; column < columns; column += kLanes) {
      Value sum = emitter.load(emitter.at(rowSums, column * 4), {kLanes, kLanes});
      emitGemmEpilogue(op, emitter, frame, emitter.add(first, row), emitter.add(output, emitter.i64(column)),
                       {kLanes, std::min(kLanes, columns - column)}, sum);
    }
  }

  kernel::GemmOp op;
  Emitter &emitter;
  const KernelFrame &frame;
  Type pointer;
  Value sums, context, multiply;
  int64_t outputs, panelBytes, rowBytes;
};

} // namespace

static LogicalResult lower(ArrayRef<PlannedKernel> kernels, const KernelTarget &target) {
  for (const PlannedKernel &kernel : kernels) {
    LLVM::LLVMFuncOp function = kernel.function;
    auto gemm = cast<kernel::GemmOp>(*kernel.op);
    std::string product = onednn_backend::productSymbol(function->getParentOfType<ModuleOp>(), productOf(gemm));
    if (failed(emitBody(function, target.features, [&](Emitter &emitter, const KernelFrame &frame) {
          ProductGemm(gemm, emitter, frame, product).emit();
          return success();
        })))
      return failure();
  }
  return success();
}

const Backend rwkvc::oneDNNBackend = {"onednn", "gemms of many rows, by a library that the module's host has", refuses,
                                      /*followsTiles=*/false, lower};
