//===- FoldWeights.cpp - Moves arithmetic on weights into the weights -----===//
//
// Nothing is computed here: the weight's `transforms` say what the packer computes.
//
//===----------------------------------------------------------------------===//
#include "compiler/Passes/Passes.h"
#include "dialects/Quant/Weight.h"
#include "dialects/RWKV/RWKV.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace rwkvc::passes {
#define GEN_PASS_DEF_FOLDWEIGHTS
#include "compiler/Passes/Passes.h.inc"
} // namespace rwkvc::passes

using namespace mlir;
using namespace rwkvc;

static std::optional<weight::MapKind> mapOf(rwkv::ActivationKind kind) {
  switch (kind) {
  case rwkv::ActivationKind::Exp:
    return weight::MapKind::Exp;
  case rwkv::ActivationKind::NegExp:
    return weight::MapKind::NegExp;
  case rwkv::ActivationKind::ExpNegExp:
    return weight::MapKind::ExpNegExp;
  default:
    return std::nullopt;
  }
}

/// `tensor` with one more transform, in f32 so that folding never rounds. Other users keep the old one.
static Value transformed(PatternRewriter &rewriter, weight::TensorOp tensor, Attribute transform) {
  SmallVector<Attribute> transforms;
  if (ArrayAttr old = tensor.getTransformsAttr())
    transforms.assign(old.begin(), old.end());
  transforms.push_back(transform);

  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPointAfter(tensor);
  auto type = cast<RankedTensorType>(tensor.getType()).clone(rewriter.getF32Type());
  return weight::TensorOp::create(rewriter, tensor.getLoc(), type, tensor.getNameAttr(),
                                  rewriter.getArrayAttr(transforms), tensor.getStoredAttr());
}

/// The weight behind `value`, if it is just as the checkpoint has it.
static weight::TensorOp plainWeight(Value value) {
  auto tensor = value.getDefiningOp<weight::TensorOp>();
  return tensor && !tensor.getTransformsAttr() ? tensor : weight::TensorOp();
}

namespace {

/// activate exp (weight) -> weight with a map
struct FoldActivation : OpRewritePattern<rwkv::ActivateOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(rwkv::ActivateOp op, PatternRewriter &rewriter) const override {
    auto tensor = op.getX().getDefiningOp<weight::TensorOp>();
    if (!tensor)
      return rewriter.notifyMatchFailure(op, "acts on activations, not on a weight");
    std::optional<weight::MapKind> kind = mapOf(op.getKind());
    if (!kind)
      return rewriter.notifyMatchFailure(op, "no weight is stored under this function");
    rewriter.replaceOp(op, transformed(rewriter, tensor, weight::MapAttr::get(getContext(), *kind)));
    return success();
  }
};

/// layer_norm(embed(table)) -> embed(table with a layer_norm). Rows of a table are few; tokens are many.
struct FoldEmbeddingNorm : OpRewritePattern<rwkv::LayerNormOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(rwkv::LayerNormOp op, PatternRewriter &rewriter) const override {
    auto embed = op.getX().getDefiningOp<rwkv::EmbedOp>();
    if (!embed)
      return rewriter.notifyMatchFailure(op, "does not normalise an embedding");
    if (!embed->hasOneUse())
      return rewriter.notifyMatchFailure(op, "the embedding has a second user");
    auto table = embed.getTable().getDefiningOp<weight::TensorOp>();
    if (!table)
      return rewriter.notifyMatchFailure(op, "the table is not a weight");
    weight::TensorOp scale = plainWeight(op.getWeight()), offset = plainWeight(op.getBias());
    if (!scale || !offset)
      return rewriter.notifyMatchFailure(op, "the scale or the offset is not a plain weight");

    auto norm = weight::LayerNormAttr::get(getContext(), scale.getName(), offset.getName(), op.getEpsAttr());
    Value folded = transformed(rewriter, table, norm);
    rewriter.replaceOpWithNewOp<rwkv::EmbedOp>(op, op.getType(), folded, embed.getTokens());
    return success();
  }
};

struct FoldWeights : passes::impl::FoldWeightsBase<FoldWeights> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FoldActivation, FoldEmbeddingNorm>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
