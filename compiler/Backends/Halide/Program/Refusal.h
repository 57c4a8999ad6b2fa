//===- Refusal.h - Why a kernel has no pipeline ------------------*- C++ -*-===//
//
// Halide reports errors by exceptions, and so does what is around it here.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_BACKENDS_HALIDE_PROGRAM_REFUSAL_H
#define COMPILER_BACKENDS_HALIDE_PROGRAM_REFUSAL_H

#include <stdexcept>
#include <string>

namespace rwkvc::halide_backend {

[[noreturn]] inline void refuse(const std::string &reason) { throw std::runtime_error(reason); }

} // namespace rwkvc::halide_backend

#endif // COMPILER_BACKENDS_HALIDE_PROGRAM_REFUSAL_H
