//===- Program.h - From plain data to MLIR text ------------------*- C++ -*-===//
//
// What the part with MLIR's headers knows of the part with Halide's.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_BACKENDS_HALIDE_PROGRAM_PROGRAM_H
#define COMPILER_BACKENDS_HALIDE_PROGRAM_PROGRAM_H

#include "compiler/Backends/Halide/Kernels.h"
#include <algorithm>

namespace rwkvc::halide_backend {

struct Request {
  std::string triple;
  std::vector<std::string> features; // instruction sets that code may use
  std::string autoscheduler;         // empty for the kernels' own schedules
  bool statements;                   // Halide's, in place of a function

  bool mayUse(const std::string &feature) const {
    return std::find(features.begin(), features.end(), feature) != features.end();
  }
};

/// A text, or why there is none.
struct Answer {
  std::string text, error;
};

Answer lower(const Kernel &kernel, const Request &request);

} // namespace rwkvc::halide_backend

#endif // COMPILER_BACKENDS_HALIDE_PROGRAM_PROGRAM_H
