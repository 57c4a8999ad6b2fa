//===- FusionTest.cpp - Fusions compute the same, in few kernels ----------===//
//
// Every version's graph runs in an interpreter before and after each group of passes.
// Results are equal to the last bit: a fusion moves arithmetic and never changes it.
//
//===----------------------------------------------------------------------===//
#include "KernelInterpreter.h"
#include "compiler/Passes/Passes.h"
#include "dialects/Kernel/Kernel.h"
#include "frontends/Models/Models.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "test/frontends/Models/TinyCheckpoint.h"
#include <gtest/gtest.h>

using namespace mlir;
using namespace rwkvc;

namespace {

struct Counts {
  int gathers, gemms, scans, regions;
};

class Fusion : public testing::Test {
protected:
  static void SetUpTestSuite() { passes::registerRwkvPasses(); }

  void run(StringRef pipeline) {
    PassManager manager(&context, "builtin.module");
    ASSERT_TRUE(succeeded(parsePassPipeline(pipeline, manager, llvm::errs())));
    ASSERT_TRUE(succeeded(manager.run(*module))) << pipeline.str();
  }

  std::vector<Tensor> results() {
    std::string wrong;
    std::vector<Tensor> results = runForward(*module, /*rows=*/5, wrong);
    EXPECT_EQ(wrong, "");
    return results;
  }

  template <typename Op> int count() {
    int count = 0;
    module->walk([&](Op) { ++count; });
    return count;
  }

  void check(const TinyCheckpoint &tiny, Counts expected) {
    Model model = llvm::cantFail(recogniseModel(tiny.checkpoint));
    module = llvm::cantFail(buildModel(context, model, {}));
    run("rwkv-verify-phase{phase=import},func.func(rwkv-fold-weights),rwkv-verify-phase{phase=fold},"
        "func.func(rwkv-to-kernel),rwkv-verify-phase{phase=kernel}");
    std::vector<Tensor> unfused = results();
    ASSERT_TRUE(llvm::all_of(unfused[0], [](float x) { return std::isfinite(x); }));

    for (StringRef fusion : {"kernel-fuse-token-shift", "kernel-fuse-wkv", "kernel-fuse-epilogue"}) {
      run(("func.func(" + fusion + "),rwkv-verify-phase{phase=fuse}").str());
      EXPECT_EQ(results(), unfused) << fusion.str();
    }
    EXPECT_EQ(count<kernel::GatherOp>(), expected.gathers);
    EXPECT_EQ(count<kernel::GemmOp>(), expected.gemms);
    EXPECT_EQ(count<kernel::ScanOp>(), expected.scans);

    run("func.func(kernel-form-parallel),kernel-outline");
    EXPECT_EQ(results(), unfused);
    EXPECT_EQ(count<kernel::ParallelOp>(), expected.regions);
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
};

} // namespace

// Two layers each. Around them are the embedding, the choice of rows, the last norm and the head. A layer has three
// scans: norm and shift with every mix, the recurrence with all that is around it, norm and shift again.

TEST_F(Fusion, Rwkv4) { check(tinyRwkv4(), {2, 2 * 7 + 1, 2 * 3 + 1, 2 * 7 + 4}); }

TEST_F(Fusion, Rwkv50) { check(tinyRwkv5("5.0", "time_first"), {2, 2 * 7 + 1, 2 * 3 + 1, 2 * 7 + 4}); }

TEST_F(Fusion, Rwkv51) { check(tinyRwkv5("5.1", "time_faaaa"), {2, 2 * 8 + 1, 2 * 3 + 1, 2 * 7 + 4}); }

TEST_F(Fusion, Rwkv52) { check(tinyRwkv5("5.2", "time_faaaa"), {2, 2 * 8 + 1, 2 * 3 + 1, 2 * 7 + 4}); }

// Five mixes through two small products each, then the decay's two.
TEST_F(Fusion, Rwkv6) { check(tinyRwkv6(), {2, 2 * (8 + 2 * 5 + 2) + 1, 2 * 3 + 1, 2 * 10 + 4}); }

// Layer 0 has no LoRA for v.
TEST_F(Fusion, Rwkv7) { check(tinyRwkv7(), {2, 12 + 14 + 1, 2 * 3 + 1, 2 * 8 + 4}); }
