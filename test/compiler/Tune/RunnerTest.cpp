// The measuring process of these tests is this program itself, which does what a candidate's panel and rows say.
#include "compiler/Tune/Runner.h"
#include "dialects/Kernel/Kernel.h"
#include "dialects/Quant/Weight.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Parser/Parser.h"
#include <gtest/gtest.h>
#include <iostream>
#include <iterator>
#include <unistd.h>

using namespace rwkvc;
using namespace rwkvc::tune;

static constexpr int64_t kCrashes = 1, kHangs = 2, kIsWrong = 3, kCannotBeCompiled = 4, kTakesAllMemory = 5;

/// The rows of tiles, candidate by candidate.
static std::vector<int64_t> kinds(llvm::StringRef text) {
  std::vector<int64_t> found;
  for (size_t at = 0; (at = text.find("tile_rows = ", at)) != llvm::StringRef::npos;) {
    at += strlen("tile_rows = ");
    found.push_back(atoi(text.data() + at));
  }
  return found;
}

static int measuringProcess() {
  std::string text(std::istreambuf_iterator<char>(std::cin), {});
  std::vector<int64_t> candidates = kinds(text);
  for (int64_t kind : candidates)
    if (kind == kCannotBeCompiled)
      abort();
  std::cout << "compiled" << std::endl;
  for (size_t i = 0; i < candidates.size(); ++i) {
    std::cout << "running " << i << std::endl;
    if (candidates[i] == kCrashes)
      abort();
    if (candidates[i] == kHangs)
      sleep(1000);
    if (candidates[i] == kIsWrong)
      std::cout << "wrong " << i << std::endl;
    if (candidates[i] == kTakesAllMemory)
      for (volatile char *memory;; memory[0] = 1)
        memory = new char[64 << 20];
  }
  for (size_t i = 0; i < candidates.size(); ++i)
    if (candidates[i] != kIsWrong)
      std::cout << "times " << i << ' ' << 100 * candidates[i] << ".0 " << 110 * candidates[i] << ".0 1e9" << std::endl;
  std::cout << "finished" << std::endl;
  return 0;
}

static constexpr const char *program = R"(
func.func private @kernel(%x: tensor<?x64xf32>, %w: tensor<64x64xf32, #weight.layout<"f32", panel = 64>>)
    -> tensor<?x64xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "llvm", panel = 64, tile_rows = 10, tile_columns = 16, block = 64> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<64x64xf32, #weight.layout<"f32", panel = 64>> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
})";

class RunnerTest : public testing::Test {
protected:
  RunnerTest() {
    context.loadDialect<mlir::arith::ArithDialect, mlir::func::FuncDialect, kernel::KernelDialect,
                        weight::WeightDialect>();
    module = mlir::parseSourceString<mlir::ModuleOp>(program, &context);
    task.signature = "gemm";
    task.function = *module->getOps<mlir::func::FuncOp>().begin();
    task.standard = ofRows(10);
  }

  static Point ofRows(int64_t rows) { return {64, rows, 16, 0, 0}; }

  llvm::Expected<std::vector<Measured>> measure(std::vector<int64_t> rows) {
    std::vector<Point> points;
    for (int64_t one : rows)
      points.push_back(ofRows(one));
    return Runner(1, 0, {.compileSeconds = 2, .callSeconds = 0.5, .bytes = uint64_t(4) << 30}).measure(task, points, 3);
  }

  mlir::MLIRContext context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  Task task{};
};

TEST_F(RunnerTest, MeasuresBesideTheFirst) {
  auto measured = measure({10, 20, 8});
  ASSERT_TRUE(bool(measured));
  EXPECT_EQ((*measured)[0].ns, 1100);
  EXPECT_EQ((*measured)[0].ratio, 1);
  EXPECT_EQ((*measured)[1].ratio, 2);
  EXPECT_EQ((*measured)[2].ratio, 0.8);
}

TEST_F(RunnerTest, SurvivesWhatCandidatesDo) {
  auto measured = measure({10, kCrashes, 20, kHangs, kIsWrong, kCannotBeCompiled, kTakesAllMemory, 8});
  ASSERT_TRUE(bool(measured)) << llvm::toString(measured.takeError());
  std::vector<std::string> verdicts;
  for (const Measured &one : *measured)
    verdicts.push_back(one.verdict);
  EXPECT_EQ(verdicts, (std::vector<std::string>{"ok", "crashed", "ok", "hung", "wrong", "crashed", "crashed", "ok"}));
  EXPECT_EQ((*measured)[7].ratio, 0.8);
}

TEST_F(RunnerTest, NeedsTheFirst) {
  auto measured = measure({kCrashes, 10});
  ASSERT_FALSE(bool(measured));
  EXPECT_EQ(llvm::toString(measured.takeError()),
            "the default schedule of 'gemm' cannot be measured: it crashed");
}

TEST_F(RunnerTest, PointsAreSchedules) {
  EXPECT_EQ(scheduleText(task, {32, 3, 32, 128, 4096}),
            "#kernel.schedule<backend = \"llvm\", panel = 32, tile_rows = 3, tile_columns = 32, block = 64, tile_inputs = "
            "128, prefetch = 4096>");
  EXPECT_EQ(pointOf(task, scheduleText(task, {32, 3, 32, 128, 4096})), (Point{32, 3, 32, 128, 4096}));
  // Of other rows, or of another backend.
  for (const char *other : {"most_rows = 1", "skip_zeros = true"}) {
    std::string text = scheduleText(task, task.standard);
    text.insert(text.size() - 1, std::string(", ") + other);
    EXPECT_EQ(pointOf(task, text), std::nullopt) << text;
  }
}

int main(int argc, char **argv) {
  if (argc > 1 && std::string(argv[1]) == "measure-kernels")
    return measuringProcess();
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
