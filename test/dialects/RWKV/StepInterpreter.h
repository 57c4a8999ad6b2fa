//===- StepInterpreter.h - Runs the step of a row-wise op -------*- C++ -*-===//
//
// Evaluates the kernel body language in f32, op by op, and walks rows and groups as
// RecurrenceOpInterface describes it. Knows no op of the rwkv dialect by name.
//
//===----------------------------------------------------------------------===//
#ifndef TEST_DIALECTS_RWKV_STEPINTERPRETER_H
#define TEST_DIALECTS_RWKV_STEPINTERPRETER_H

#include "dialects/RWKV/RWKV.h"
#include <vector>

using Tensor = std::vector<float>; // row-major

struct StepRun {
  std::vector<Tensor> operands; // in: one an operand of the op
  std::vector<Tensor> results;  // out: one a result
};

/// Runs a body of the kernel language on one group. Says in `wrong` if the body leaves the language.
std::vector<Tensor> runBody(mlir::Block &body, const std::vector<Tensor> &arguments, std::string &wrong);

/// Runs `op` over `rows` rows. Returns a sentence if its step leaves the body language, else nothing.
std::string runSteps(rwkvc::rwkv::RecurrenceOpInterface op, int64_t rows, StepRun &run);

#endif // TEST_DIALECTS_RWKV_STEPINTERPRETER_H
