//===- Kernel.h - The kernel dialect -----------------------------*- C++ -*-===//
#ifndef DIALECTS_KERNEL_KERNEL_H
#define DIALECTS_KERNEL_KERNEL_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/Kernel/KernelDialect.h.inc"
#include "dialects/Kernel/KernelEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/Kernel/KernelAttrs.h.inc"

#include "dialects/Kernel/KernelInterface.h.inc"

#define GET_OP_CLASSES
#include "dialects/Kernel/KernelOps.h.inc"

namespace rwkvc::kernel {

/// Bytes from one row of `type`, [M, C], to the next. Rows of bf16 are whole pairs.
int64_t rowBytes(mlir::RankedTensorType type);

} // namespace rwkvc::kernel

#endif // DIALECTS_KERNEL_KERNEL_H
