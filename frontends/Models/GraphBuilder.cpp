//===- GraphBuilder.cpp - Writes `forward` as the paper would -------------===//
#include "frontends/Models/GraphBuilder.h"
#include "dialects/Quant/Weight.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace rwkvc;

static constexpr double kLayerNormEps = 1e-5;
static constexpr double kGroupNormEps = 64e-5;
static constexpr unsigned kFirstState = 2; // after tokens and wanted

static Type elementType(Builder &builder, DType type) {
  switch (type) {
  case DType::F32:
    return builder.getF32Type();
  case DType::F16:
    return builder.getF16Type();
  case DType::BF16:
    return builder.getBF16Type();
  }
  llvm_unreachable("the enum has no other case");
}

GraphBuilder::GraphBuilder(ModuleOp module, const Model &model, const BuildOptions &options)
    : model(model), builder(module.getLoc(), module.getBodyRegion()),
      groupNormEps(options.groupNormEps.value_or(kGroupNormEps)) {
  Type indices = RankedTensorType::get({ShapedType::kDynamic}, builder.getI32Type());
  function = func::FuncOp::create(builder, "forward", builder.getFunctionType({indices, indices}, {}));
  Block *body = function.addEntryBlock();
  tokens = body->getArgument(0);
  wanted = body->getArgument(1);
  builder.setInsertionPointToStart(body);
}

std::string GraphBuilder::inLayer(StringRef name) const {
  return currentLayer < 0 ? name.str() : "blocks." + std::to_string(currentLayer) + "." + name.str();
}

Value GraphBuilder::weight(StringRef name) { return tensor(name, /*asVector=*/false); }
Value GraphBuilder::vector(StringRef name) { return tensor(name, /*asVector=*/true); }

Value GraphBuilder::tensor(StringRef name, bool asVector) {
  auto at = model.tensors.find(inLayer(name));
  assert(at != model.tensors.end() && "the version's checkLayer has missed a tensor");
  const TensorView &view = at->second;
  SmallVector<int64_t> shape(view.shape.begin(), view.shape.end());
  if (asVector)
    shape = {view.elements()};
  auto type = RankedTensorType::get(shape, elementType(builder, view.dtype));
  return weight::TensorOp::create(builder, type, builder.getStringAttr(at->first), ArrayAttr(), StringAttr());
}

Value GraphBuilder::state(StringRef name, ArrayRef<int64_t> shape, float initial) {
  std::string full = "layer." + std::to_string(currentLayer) + "." + name.str();
  DictionaryAttr attributes =
      builder.getDictionaryAttr({builder.getNamedAttr("rwkv.state", builder.getStringAttr(full)),
                                 builder.getNamedAttr("rwkv.initial", builder.getF32FloatAttr(initial))});
  unsigned index = function.getNumArguments();
  auto inserted =
      function.insertArgument(index, RankedTensorType::get(shape, builder.getF32Type()), attributes, builder.getLoc());
  assert(succeeded(inserted) && "a function takes any argument");
  (void)inserted;
  nextStates.push_back(nullptr);
  return function.getArgument(index);
}

void GraphBuilder::keep(Value state, Value next) {
  nextStates[cast<BlockArgument>(state).getArgNumber() - kFirstState] = next;
}

Value GraphBuilder::embed(StringRef table) { return create<rwkv::EmbedOp>(weight(table), tokens); }

Value GraphBuilder::takeRows(Value x) { return create<rwkv::TakeRowsOp>(x, wanted); }

Value GraphBuilder::linear(Value x, StringRef matrix, StringRef bias) {
  return create<rwkv::LinearOp>(x, weight(matrix), !bias.empty() && has(bias) ? weight(bias) : Value());
}

Value GraphBuilder::layerNorm(Value x, StringRef name) {
  Value scale = weight((name + ".weight").str()), offset = weight((name + ".bias").str());
  return create<rwkv::LayerNormOp>(x, scale, offset, builder.getF64FloatAttr(kLayerNormEps));
}

Value GraphBuilder::groupNorm(Value x, StringRef name) {
  Value scale = weight((name + ".weight").str()), offset = weight((name + ".bias").str());
  return create<rwkv::GroupNormOp>(x, scale, offset, builder.getF64FloatAttr(groupNormEps),
                                   builder.getI64IntegerAttr(model.info.heads));
}

Value GraphBuilder::l2Normalize(Value x) {
  return create<rwkv::L2NormalizeOp>(x, builder.getI64IntegerAttr(model.info.heads));
}

Value GraphBuilder::tokenShift(Value x, StringRef name) {
  Value previous = state(name, {model.info.channels});
  auto shift = create<rwkv::TokenShiftOp>(x, previous);
  keep(previous, shift.getLast());
  return shift.getBefore();
}

Value GraphBuilder::lerp(Value x, Value y, Value mix) { return create<rwkv::LerpOp>(x, y, mix); }

Value GraphBuilder::scale(Value x, StringRef by) { return create<rwkv::ScaleOp>(x, weight(by)); }

Value GraphBuilder::activate(rwkv::ActivationKind kind, Value x) { return create<rwkv::ActivateOp>(kind, x); }

Value GraphBuilder::add(Value x, Value y) { return create<arith::AddFOp>(x, y); }
Value GraphBuilder::mul(Value x, Value y) { return create<arith::MulFOp>(x, y); }
Value GraphBuilder::neg(Value x) { return create<arith::NegFOp>(x); }

void GraphBuilder::finish(Value logits) {
  SmallVector<Value> results{logits};
  llvm::append_range(results, nextStates);
  func::ReturnOp::create(builder, results);
  function.setType(builder.getFunctionType(function.getArgumentTypes(), ValueRange(results).getTypes()));
}
