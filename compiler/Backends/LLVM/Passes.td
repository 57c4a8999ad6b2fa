//===- Passes.td - Passes of the LLVM backend ---------------*- tablegen -*-===//
#ifndef RWKVC_LLVM_BACKEND_PASSES_TD
#define RWKVC_LLVM_BACKEND_PASSES_TD

include "mlir/Pass/PassBase.td"

def DescribeModule : Pass<"kernel-describe-module", "::mlir::ModuleOp"> {
  let summary = "Emits what the module says of itself, and its one exported symbol";
  let description = [{
    Fills in rwkvc_module_t of runtime/abi/rwkvc_module.h from the model's attributes, the
    planned memory and the kernels, before these become code.
  }];
  let options = [
    Option<"triple", "triple", "std::string", "\"\"", "of the target">,
    Option<"cpu", "cpu", "std::string", "\"\"", "LLVM's name of the CPU">,
    Option<"features", "features", "std::string", "\"\"",
        "instruction sets that the code may use, separated by semicolons">,
    Option<"maxRows", "max-rows", "int64_t", "256", "most rows in one step">];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def ExpandMath : Pass<"kernel-expand-math", "::mlir::ModuleOp"> {
  let summary = "Replaces exp and tanh by arithmetic";
  let description = [{
    A module calls no library, so what the CPU has no instruction for is computed in place.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect"];
}

def KeepLoops : Pass<"kernel-keep-loops", "::mlir::ModuleOp"> {
  let summary = "Translates which loops LLVM must not unroll";
  let description = [{
    Moves the attribute `llvm.loop_annotation` of an llvm.br, where upstream's lowering of an
    scf.for leaves it, to the branch's own `loop_annotation`.
  }];
}

#endif // RWKVC_LLVM_BACKEND_PASSES_TD
