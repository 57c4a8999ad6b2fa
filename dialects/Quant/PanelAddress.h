//===- PanelAddress.h - Byte addresses inside of a panel ---------*- C++ -*-===//
//
// What the formats' loads share.
//
//===----------------------------------------------------------------------===//
#ifndef DIALECTS_QUANT_PANELADDRESS_H
#define DIALECTS_QUANT_PANELADDRESS_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

namespace rwkvc::weight {

/// `pointer` moved by `bytes`.
inline mlir::Value outputAt(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value pointer, int64_t bytes) {
  if (!bytes)
    return pointer;
  mlir::Value offset = mlir::arith::ConstantOp::create(builder, loc, builder.getI64IntegerAttr(bytes));
  return mlir::LLVM::GEPOp::create(builder, loc, pointer.getType(), builder.getI8Type(), pointer,
                                   mlir::ValueRange{offset});
}

} // namespace rwkvc::weight

#endif // DIALECTS_QUANT_PANELADDRESS_H
