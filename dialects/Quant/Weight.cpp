//===- Weight.cpp - The weight dialect: registration and its one op -------===//
#include "dialects/Quant/Weight.h"
#include "dialects/Quant/Format.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

#include "dialects/Quant/WeightDialect.cpp.inc"
#include "dialects/Quant/WeightEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/Quant/WeightAttrs.cpp.inc"

#define GET_OP_CLASSES
#include "dialects/Quant/WeightOps.cpp.inc"

using namespace mlir;
using namespace rwkvc::weight;

void WeightDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/Quant/WeightAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/Quant/WeightOps.cpp.inc"
      >();
}

StringRef TensorOp::getStoredFormat() {
  if (getStored())
    return *getStored();
  Type element = cast<RankedTensorType>(getResult().getType()).getElementType();
  return element.isBF16() ? "bf16" : element.isF16() ? "f16" : "f32";
}

LogicalResult TensorOp::verify() {
  // C1
  if (getName().empty())
    return emitOpError("needs the name of a tensor");

  // C4
  if (getStored() && !findFormat(*getStored()))
    return emitOpError() << "is stored as '" << *getStored() << "', but the formats are " << formatNames();

  ArrayAttr transforms = getTransformsAttr();
  auto type = cast<RankedTensorType>(getResult().getType());
  if (!transforms || transforms.empty())
    return success();

  // C2
  if (!type.getElementType().isF32())
    return emitOpError() << "is transformed in f32, but its elements are " << type.getElementType();

  for (Attribute transform : transforms) {
    if (!isa<MapAttr, LayerNormAttr>(transform))
      return emitOpError() << "does not know the transform " << transform;
    // C3
    if (isa<LayerNormAttr>(transform) && type.getRank() != 2)
      return emitOpError() << "normalises rows, but has rank " << type.getRank();
  }
  return success();
}
