//===- Passes.td - From kernels to code ---------------------*- tablegen -*-===//
#ifndef RWKVC_BACKENDS_PASSES_TD
#define RWKVC_BACKENDS_PASSES_TD

include "mlir/Pass/PassBase.td"

def ChooseBackend : Pass<"kernel-choose-backend", "::mlir::func::FuncOp"> {
  let summary = "Says of each kernel which backend lowers it";
  let description = [{
    Kernels whose schedule says `auto` get the backend of the option, where it does not
    refuse them, and the first of the list else; or, with `auto`, the one that measurements
    say is fastest. Those that name a backend keep it, and fail if there is no such backend
    or if it refuses them.
  }];
  let options = [
    Option<"backend", "backend", "std::string", "\"auto\"", "auto, or one by name">,
    Option<"triple", "triple", "std::string", "\"\"", "of the target">,
    Option<"features", "features", "std::string", "\"\"",
        "instruction sets that the code may use, separated by semicolons">];
}

def Tile : Pass<"kernel-tile", "::mlir::ModuleOp"> {
  let summary = "Has backends lower kernels, and turns the step into calls";
  let description = [{
    Every kernel becomes a function on pointers, a range of rows and a range of units, made
    by the backend that its schedule names. @forward becomes @step, which all threads run:
    between two barriers each takes its share of the units.
  }];
  let options = [
    Option<"triple", "triple", "std::string", "\"\"", "of the target">,
    Option<"features", "features", "std::string", "\"\"",
        "instruction sets that the code may use, separated by semicolons">,
    Option<"autoscheduler", "halide-autoscheduler", "std::string", "\"\"",
        "what schedules Halide's pipelines, instead of their kernels' schedules">];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect", "::mlir::arith::ArithDialect",
      "::mlir::math::MathDialect", "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"];
}

#endif // RWKVC_BACKENDS_PASSES_TD
