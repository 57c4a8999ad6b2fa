//===- KeepLoops.cpp - Loops that LLVM must not unroll --------------------===//
//
// Upstream's conversions carry an scf.for's annotation along to the branch back, but as an attribute that means nothing
// there. The pass makes it the branch's own, which is translated.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/LLVM/KeepLoops.h"
#include "compiler/Backends/LLVM/Passes.h"
#include "mlir/AsmParser/AsmParser.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

namespace rwkvc::llvm_backend {
#define GEN_PASS_DEF_KEEPLOOPS
#include "compiler/Backends/LLVM/Passes.h.inc"
} // namespace rwkvc::llvm_backend

using namespace mlir;

static constexpr llvm::StringLiteral kAnnotation = "llvm.loop_annotation";

void rwkvc::llvm_backend::keepLoop(Operation *loop) {
  loop->setAttr(kAnnotation, parseAttribute("#llvm.loop_annotation<unroll = <disable = true>>", loop->getContext()));
}

namespace {

struct KeepLoops : rwkvc::llvm_backend::impl::KeepLoopsBase<KeepLoops> {
  void runOnOperation() override {
    getOperation().walk([](LLVM::BrOp branch) {
      if (auto annotation = branch->getAttrOfType<LLVM::LoopAnnotationAttr>(kAnnotation)) {
        branch.setLoopAnnotationAttr(annotation);
        branch->removeDiscardableAttr(kAnnotation);
      }
    });
  }
};

} // namespace
