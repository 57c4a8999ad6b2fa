//===- RWKV.h - The rwkv dialect --------------------------------*- C++ -*-===//
#ifndef DIALECTS_RWKV_RWKV_H
#define DIALECTS_RWKV_RWKV_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/RWKV/RWKVDialect.h.inc"
#include "dialects/RWKV/RWKVEnums.h.inc"

#include "dialects/RWKV/RecurrenceInterface.h.inc"

#define GET_OP_CLASSES
#include "dialects/RWKV/RWKVOps.h.inc"

#endif // DIALECTS_RWKV_RWKV_H
