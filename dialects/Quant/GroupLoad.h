//===- GroupLoad.h - IR that widens quantised groups to f32 ------*- C++ -*-===//
//
// For targets and rows whose arithmetic is f32: the portable way, by shifts and masks.
//
//===----------------------------------------------------------------------===//
#ifndef DIALECTS_QUANT_GROUPLOAD_H
#define DIALECTS_QUANT_GROUPLOAD_H

#include "dialects/Quant/Groups.h"

namespace rwkvc::weight {

/// Loads what kLanes outputs' groups begin with, as f32: levels, or the scales themselves.
mlir::Value loadGroupScales(mlir::OpBuilder &builder, mlir::Location loc, const Format &format, mlir::Value pointer);

class GroupLoad {
public:
  /// Loads the scales of `kLanes` outputs.
  GroupLoad(mlir::OpBuilder &builder, mlir::Location loc, const Format &format, const PanelPlace &place);

  /// 32 bits of every output, the `index`-th of the group.
  mlir::Value loadLanes(int64_t index);

  /// `count` bits of each lane, from bit `first` on.
  mlir::Value bits(mlir::Value lanes, int64_t first, int64_t count);
  mlir::Value subtract(mlir::Value integers, int64_t constant);

  /// The values that 4-bit `codes` stand for.
  mlir::Value lookUp(mlir::Value codes, llvm::ArrayRef<int8_t> values);

  /// The weight that an integer is under the group's scale, in f32.
  mlir::Value scaled(mlir::Value integers);

  /// All of a group: codes of 8 bits, or of 4 bits that stand for `values`.
  llvm::SmallVector<mlir::Value> bytes();
  llvm::SmallVector<mlir::Value> halfBytes(llvm::ArrayRef<int8_t> values);

private:
  mlir::Value splat(mlir::Type element, uint64_t value);

  mlir::OpBuilder &builder;
  mlir::Location loc;
  const Format &format;
  PanelPlace place;
  mlir::VectorType integers, floats;
  mlir::Value scales;
};

} // namespace rwkvc::weight

#endif // DIALECTS_QUANT_GROUPLOAD_H
