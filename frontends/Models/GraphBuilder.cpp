//===- GraphBuilder.cpp - Writes `forward` as the paper would -------------===//
#include "frontends/Models/GraphBuilder.h"
#include "dialects/Quant/KeptFormat.h"
#include "dialects/Quant/Weight.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace rwkvc;

static constexpr double kLayerNormEps = 1e-5;
static constexpr double kGroupNormEps = 64e-5;
static constexpr unsigned kFirstState = 2; // after tokens and wanted

/// What quantised elements stand for is an f32.
static Type elementType(Builder &builder, DType type) {
  return type == DType::F16    ? Type(builder.getF16Type())
         : type == DType::BF16 ? Type(builder.getBF16Type())
                               : Type(builder.getF32Type());
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

Value GraphBuilder::weight(StringRef name) { return tensor(name, Role::Operand); }
Value GraphBuilder::vector(StringRef name) { return tensor(name, Role::Vector); }

Value GraphBuilder::tensor(StringRef name, Role role) {
  auto at = model.tensors.find(inLayer(name));
  assert(at != model.tensors.end() && "the version's checkLayer has missed a tensor");
  const TensorView &view = at->second;
  SmallVector<int64_t> shape(view.shape.begin(), view.shape.end());
  if (role == Role::Vector)
    shape = {view.elements()};
  auto type = RankedTensorType::get(shape, elementType(builder, view.dtype));
  StringAttr stored;
  if (isQuantised(view.dtype) && shape.size() == 2)
    stored = builder.getStringAttr(weight::keptFormat(view, role == Role::Table));
  return weight::TensorOp::create(builder, type, builder.getStringAttr(at->first), ArrayAttr(), stored);
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

Value GraphBuilder::embed(StringRef table) { return create<rwkv::EmbedOp>(tensor(table, Role::Table), tokens); }

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
