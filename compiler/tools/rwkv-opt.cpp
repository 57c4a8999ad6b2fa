//===- rwkv-opt.cpp - Runs single passes on text, for tests and debugging -===//
//
// The output of `rwkvc compile --print-after=PHASE` goes in here to replay what follows.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/LLVM/Passes.h"
#include "compiler/Backends/Passes.h"
#include "compiler/Passes/Passes.h"
#include "dialects/Kernel/Kernel.h"
#include "dialects/Quant/Weight.h"
#include "dialects/RWKV/RWKV.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  registry.insert<mlir::arith::ArithDialect, mlir::func::FuncDialect, mlir::math::MathDialect, mlir::LLVM::LLVMDialect,
                  mlir::scf::SCFDialect, mlir::vector::VectorDialect, rwkvc::rwkv::RWKVDialect,
                  rwkvc::kernel::KernelDialect, rwkvc::weight::WeightDialect>();
  mlir::registerTransformsPasses();
  rwkvc::passes::registerRwkvPasses();
  rwkvc::lowering::registerRwkvBackendsPasses();
  rwkvc::llvm_backend::registerRwkvLLVMBackendPasses();
  rwkvc::llvm_backend::registerLoweringPasses();
  return mlir::asMainReturnCode(mlir::MlirOptMain(argc, argv, "rwkvc pass driver\n", registry));
}
