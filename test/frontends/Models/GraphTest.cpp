//===- GraphTest.cpp - The forward functions of the versions --------------===//
#include "TinyCheckpoint.h"
#include "dialects/Quant/Weight.h"
#include "dialects/RWKV/RWKV.h"
#include "frontends/Models/Models.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include <gtest/gtest.h>

using namespace mlir;
using namespace rwkvc;

namespace {

class Graph : public testing::Test {
protected:
  /// The function stays valid until the next call.
  func::FuncOp build(const TinyCheckpoint &tiny, const BuildOptions &options = {}) {
    llvm::Expected<Model> recognised = recogniseModel(tiny.checkpoint);
    if (!recognised) {
      ADD_FAILURE() << llvm::toString(recognised.takeError());
      return {};
    }
    model = std::move(*recognised);
    module = llvm::cantFail(buildModel(context, model, options));
    return module->lookupSymbol<func::FuncOp>("forward");
  }

  std::vector<std::string> stateNames(func::FuncOp function) {
    std::vector<std::string> names;
    for (unsigned i = 2; i < function.getNumArguments(); ++i)
      names.push_back(function.getArgAttrOfType<StringAttr>(i, "rwkv.state").str());
    return names;
  }

  /// The weights that `rwkv.activate` is applied to.
  std::vector<std::string> activatedWeights(func::FuncOp function) {
    std::vector<std::string> found;
    function.walk([&](rwkv::ActivateOp op) {
      if (auto weight = op.getX().getDefiningOp<weight::TensorOp>())
        found.push_back((rwkv::stringifyActivationKind(op.getKind()) + " " + weight.getName()).str());
    });
    return found;
  }

  MLIRContext context;
  Model model;
  OwningOpRef<ModuleOp> module;
};

using Names = std::vector<std::string>;

} // namespace

TEST_F(Graph, NamesTheStatesInOrder) {
  func::FuncOp four = build(tinyRwkv4());
  EXPECT_EQ(stateNames(four),
            (Names{"layer.0.att.shift", "layer.0.aa", "layer.0.bb", "layer.0.pp", "layer.0.ffn.shift",
                   "layer.1.att.shift", "layer.1.aa", "layer.1.bb", "layer.1.pp", "layer.1.ffn.shift"}));
  auto initial = four.getArgAttrOfType<FloatAttr>(5, "rwkv.initial");
  EXPECT_EQ(initial.getValueAsDouble(), double(-1e30f)); // pp
  func::FuncOp seven = build(tinyRwkv7());
  EXPECT_EQ(stateNames(seven), (Names{"layer.0.att.shift", "layer.0.wkv", "layer.0.ffn.shift", "layer.1.att.shift",
                                      "layer.1.wkv", "layer.1.ffn.shift"}));
}

TEST_F(Graph, ReturnsTheNextValueOfEveryStateInItsPlace) {
  func::FuncOp function = build(tinyRwkv4());
  Operation *terminator = function.getBody().front().getTerminator();
  ASSERT_EQ(terminator->getNumOperands(), function.getNumArguments() - 1);
  for (unsigned i = 1; i < terminator->getNumOperands(); ++i) {
    auto op = terminator->getOperand(i).getDefiningOp<rwkv::RecurrenceOpInterface>();
    ASSERT_TRUE(op);
    unsigned index = cast<OpResult>(terminator->getOperand(i)).getResultNumber() - 1;
    EXPECT_EQ(op.getInitialStates()[index], function.getArgument(i + 1));
  }
}

TEST_F(Graph, NamesOnlyTensorsOfTheModelWithTheirSizes) {
  for (const TinyCheckpoint &tiny : {tinyRwkv4(), tinyRwkv5("5.0", "time_first"), tinyRwkv5("5.2", "time_faaaa"),
                                     tinyRwkv6(), tinyRwkv7(), toGguf(tinyRwkv6(), true)}) {
    func::FuncOp function = build(tiny);
    function.walk([&](weight::TensorOp op) {
      auto at = model.tensors.find(op.getName());
      ASSERT_NE(at, model.tensors.end()) << op.getName().str();
      auto type = cast<RankedTensorType>(op.getType());
      EXPECT_EQ(type.getNumElements(), at->second.elements()) << op.getName().str();
      EXPECT_TRUE(type.getElementType().isF32());
    });
  }
}

TEST_F(Graph, SaysHowDecaysAndBonusesAreStored) {
  TinyCheckpoint four = tinyRwkv4(), five = tinyRwkv5("5.0", "time_first"), later = tinyRwkv5("5.2", "time_faaaa");
  EXPECT_EQ(activatedWeights(build(four)),
            (Names{"neg_exp blocks.0.att.time_decay", "neg_exp blocks.1.att.time_decay"}));
  EXPECT_EQ(activatedWeights(build(five)),
            (Names{"exp_neg_exp blocks.0.att.time_decay", "exp blocks.0.att.time_first",
                   "exp_neg_exp blocks.1.att.time_decay", "exp blocks.1.att.time_first"}));
  EXPECT_EQ(activatedWeights(build(later)),
            (Names{"exp_neg_exp blocks.0.att.time_decay", "exp_neg_exp blocks.1.att.time_decay"}));
  for (const TinyCheckpoint &folded : {toRwkvCpp(four), toRwkvCpp(five), toRwkvCpp(later)})
    EXPECT_EQ(activatedWeights(build(folded)), Names());
}

TEST_F(Graph, MixesTheFirstValueIntoLaterLayersOnly) {
  SmallVector<rwkv::LerpOp> residuals;
  build(tinyRwkv7()).walk([&](rwkv::LerpOp op) {
    if (cast<RankedTensorType>(op.getMix().getType()).getRank() == 2)
      residuals.push_back(op);
  });
  ASSERT_EQ(residuals.size(), 1u);
  auto weight = residuals[0].getY().getDefiningOp<rwkv::LinearOp>().getWeight().getDefiningOp<weight::TensorOp>();
  EXPECT_EQ(weight.getName(), "blocks.0.att.value.weight");
}

TEST_F(Graph, TakesTheGroupNormsEpsFromTheOptions) {
  for (std::optional<double> eps : {std::optional<double>(), std::optional<double>(1e-5)})
    build(tinyRwkv6(), {eps}).walk([&](rwkv::GroupNormOp op) {
      EXPECT_EQ(op.getEps().convertToDouble(), eps.value_or(64e-5));
    });
}

TEST_F(Graph, MultipliesBackWhatAConverterDivided) {
  Names scales;
  build(toGguf(tinyRwkv6(), true)).walk([&](rwkv::ScaleOp op) {
    scales.push_back(op.getBy().getDefiningOp<weight::TensorOp>().getName().str());
  });
  EXPECT_EQ(scales, (Names{"blocks.1.att.output.rescale", "blocks.1.ffn.value.rescale"}));
}
