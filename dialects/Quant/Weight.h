//===- Weight.h - The weight dialect -----------------------------*- C++ -*-===//
#ifndef DIALECTS_QUANT_WEIGHT_H
#define DIALECTS_QUANT_WEIGHT_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/Quant/WeightDialect.h.inc"
#include "dialects/Quant/WeightEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/Quant/WeightAttrs.h.inc"

#define GET_OP_CLASSES
#include "dialects/Quant/WeightOps.h.inc"

#endif // DIALECTS_QUANT_WEIGHT_H
