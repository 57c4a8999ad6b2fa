//===- Instructions.h - What multiplies integers, by target ------*- C++ -*-===//
//
// What pipelines call by name because Halide has no name for it, and the target's instructions for it. Another target
// is another line of the table in Instructions.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_BACKENDS_HALIDE_INSTRUCTIONS_H
#define COMPILER_BACKENDS_HALIDE_INSTRUCTIONS_H

#include <functional>
#include <string>

namespace rwkvc::halide_backend {

/// An f32 sum, and a pair of bf16 of a weight and of an input in 32 bits each.
inline constexpr char kDotPairs[] = "rwkv.dot_pairs";

/// A 32-bit sum, four bytes of weights, four signed ones of inputs.
inline constexpr char kDotBytes[] = "rwkv.dot_bytes";

/// A 32-bit sum, four unsigned bytes of weights, and inputs as signed words: two of even position, two of odd.
inline constexpr char kDotWords[] = "rwkv.dot_words";

/// Four bytes of a table, by the lower halves of four bytes. The 16 bytes of the table follow the name, in hexadecimal.
inline constexpr char kLookUp[] = "rwkv.look_up.";

struct MachineInstruction {
  const char *call, *feature, *intrinsic; // no intrinsic: LLVM finds instructions for plain arithmetic
  int lanes;                              // of 32 bits
  bool isSigned = false;                  // it takes bytes of weights as signed ones
};

/// The target's instruction for a call, or null. `mayUse` knows its features.
const MachineInstruction *findInstruction(const std::string &call,
                                          const std::function<bool(const std::string &feature)> &mayUse);

} // namespace rwkvc::halide_backend

#endif // COMPILER_BACKENDS_HALIDE_INSTRUCTIONS_H
