//===- InputMajorWeight.h - Blocks of outputs side by side -------*- C++ -*-===//
#ifndef DIALECTS_QUANT_INPUTMAJORWEIGHT_H
#define DIALECTS_QUANT_INPUTMAJORWEIGHT_H

#include "dialects/Quant/Format.h"
#include "llvm/ADT/ArrayRef.h"
#include <vector>

namespace rwkvc::weight {

/// A whole weight in memory: every input has bytes of every block.
class InputMajorWeight {
public:
  InputMajorWeight(const InputMajor &layout, int64_t outputs, int64_t inputs);

  /// Bytes of a block of kInputBlock outputs before it is put among the others: scales, codes, levels.
  static int64_t blockBytes(const InputMajor &layout, int64_t inputs);

  /// Writes such a block. `rows` is [kInputBlock, inputs]; `block` has blockBytes of zeros.
  static void packBlock(const InputMajor &layout, const float *rows, int64_t inputs, uint8_t *block);

  /// Adds the blocks that come next.
  void append(llvm::ArrayRef<uint8_t> blocks);

  llvm::ArrayRef<uint8_t> bytes() const { return whole; }

private:
  void put(const uint8_t *block);

  const InputMajor &layout;
  int64_t outputs, inputs, next = 0;
  std::vector<uint8_t> whole;
};

} // namespace rwkvc::weight

#endif // DIALECTS_QUANT_INPUTMAJORWEIGHT_H
