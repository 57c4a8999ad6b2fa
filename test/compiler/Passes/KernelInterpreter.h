//===- KernelInterpreter.h - Runs a step of kernels -------------*- C++ -*-===//
//
// Evaluates `forward` at any phase from kernel to parallel, written from the formulas in the
// ops' descriptions: gathers, gemms, scans, regions and calls. Names no version.
//
//===----------------------------------------------------------------------===//
#ifndef TEST_COMPILER_PASSES_KERNELINTERPRETER_H
#define TEST_COMPILER_PASSES_KERNELINTERPRETER_H

#include "mlir/IR/BuiltinOps.h"
#include "test/dialects/RWKV/StepInterpreter.h"

/// The results of `forward` over some rows. Weights, states and tokens are numbers derived from their names, so that
/// every phase of one model sees the same ones. Says in `wrong` what it could not run.
std::vector<Tensor> runForward(mlir::ModuleOp module, int64_t rows, std::string &wrong);

#endif // TEST_COMPILER_PASSES_KERNELINTERPRETER_H
