//===- RWKVDialect.cpp - Registers the rwkv dialect; checks its attributes ===//
#include "dialects/Kernel/Kernel.h"
#include "dialects/RWKV/RWKV.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

#include "dialects/RWKV/RWKVDialect.cpp.inc"
#include "dialects/RWKV/RWKVEnums.cpp.inc"
#include "dialects/RWKV/RecurrenceInterface.cpp.inc"

#define GET_OP_CLASSES
#include "dialects/RWKV/RWKVOps.cpp.inc"

using namespace mlir;
using namespace rwkvc::rwkv;

void RWKVDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "dialects/RWKV/RWKVOps.cpp.inc"
      >();
}

/// The dimensions that every later phase may rely on.
static LogicalResult verifyModel(Operation *op, Attribute value) {
  auto model = dyn_cast<DictionaryAttr>(value);
  if (!model || !model.getAs<StringAttr>("architecture"))
    return op->emitOpError("'rwkv.model' must be a dictionary with an 'architecture'");
  for (StringRef key : {"layers", "channels", "heads", "head_size", "ffn_width", "vocabulary"}) {
    auto size = model.getAs<IntegerAttr>(key);
    if (!size || size.getInt() < 1)
      return op->emitOpError() << "'rwkv.model' needs a positive integer '" << key << "'";
  }
  return success();
}

LogicalResult RWKVDialect::verifyOperationAttribute(Operation *op, NamedAttribute attribute) {
  if (attribute.getName() == "rwkv.model")
    return verifyModel(op, attribute.getValue());
  if (attribute.getName() == "rwkv.tokenizer") {
    if (!isa<StringAttr>(attribute.getValue()))
      return op->emitOpError("'rwkv.tokenizer' must be a string");
    return success();
  }
  return op->emitOpError() << "does not know the attribute '" << attribute.getName().getValue() << "'";
}

LogicalResult RWKVDialect::verifyRegionArgAttribute(Operation *op, unsigned, unsigned argument,
                                                    NamedAttribute attribute) {
  StringRef name = attribute.getName();
  auto function = dyn_cast<FunctionOpInterface>(op);
  if (!function)
    return op->emitOpError() << "is no function, and '" << name << "' belongs to a function's argument";
  if (name == "rwkv.state") {
    auto type = dyn_cast<RankedTensorType>(function.getArgumentTypes()[argument]);
    if (!isa<StringAttr>(attribute.getValue()) || !type || !type.hasStaticShape() || !type.getElementType().isF32())
      return op->emitOpError() << "argument " << argument
                               << ": 'rwkv.state' must be a string, on an f32 tensor of known shape";
    return success();
  }
  if (name == "rwkv.initial") {
    auto value = dyn_cast<FloatAttr>(attribute.getValue());
    if (!value || !value.getType().isF32())
      return op->emitOpError() << "argument " << argument << ": 'rwkv.initial' must be an f32";
    return success();
  }
  return op->emitOpError() << "does not know the attribute '" << name << "'";
}
