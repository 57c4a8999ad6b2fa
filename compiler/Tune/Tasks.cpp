//===- Tasks.cpp - The kernels of a model whose schedules count -----------===//
#include "compiler/Tune/Tasks.h"
#include "compiler/Backends/Backends.h"
#include "compiler/Passes/Programs.h"
#include "compiler/Passes/SkipZeros.h"
#include "dialects/Kernel/Kernel.h"
#include "dialects/Kernel/Signature.h"
#include "dialects/Quant/Format.h"
#include "dialects/Quant/Pack.h"
#include "dialects/Quant/Weight.h"
#include "mlir/AsmParser/AsmParser.h"
#include "llvm/ADT/EquivalenceClasses.h"
#include "llvm/ADT/MapVector.h"
#include <map>
#include <set>

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::tune;

/// Rows of a few: sequences that decode together.
static constexpr int64_t kFewRows = 8;

static kernel::KernelOpInterface kernelOf(func::FuncOp function) {
  return cast<kernel::KernelOpInterface>(function.getBody().front().front());
}

static RankedTensorType weightOf(kernel::GemmOp gemm) { return cast<RankedTensorType>(gemm.getWeight().getType()); }

static weight::LayoutAttr layoutOf(kernel::GemmOp gemm) {
  return cast<weight::LayoutAttr>(weightOf(gemm).getEncoding());
}

static int64_t placeOf(StringRef backend) { return llvm::find(backends(), findBackend(backend)) - backends().begin(); }

static Point pointOf(kernel::ScheduleAttr schedule) {
  return {schedule.getPanel(),       schedule.getTileRows(), schedule.getTileColumns(),
          schedule.getTileInputs(), schedule.getPrefetch(), placeOf(schedule.getBackend()), schedule.getSkipZeros(),
          schedule.getBlock()};
}

static kernel::ScheduleAttr scheduleOf(const Task &task, const Point &point) {
  kernel::ScheduleAttr standard = kernelOf(task.function).getScheduleAttr();
  return kernel::ScheduleAttr::get(standard.getContext(), backends()[point.backend]->name, point.panel, point.tileRows,
                                   point.tileColumns, point.block, standard.getMostRows(),
                                   point.skipZeros, point.tileInputs, point.prefetch);
}

namespace {

/// What the programs make of one function.
struct Uses {
  int64_t calls = 0;
  bool makesLogits = false;
  SmallVector<Attribute> weights;
};

} // namespace

/// Whether `call` makes what the program returns first.
static bool makesLogits(kernel::CallOp call) {
  auto parallel = dyn_cast<kernel::ParallelOp>(call->getParentOp());
  auto program = call->getParentOfType<func::FuncOp>();
  Value logits = program.getBody().front().getTerminator()->getOperand(0);
  if (!parallel || logits.getDefiningOp() != parallel)
    return false;
  Operation *yield = parallel.getBody().front().getTerminator();
  return yield->getOperand(cast<OpResult>(logits).getResultNumber()).getDefiningOp() == call;
}

static Task gemmTask(func::FuncOp function, const Uses &uses, unsigned group, int64_t manyRows) {
  auto gemm = cast<kernel::GemmOp>(kernelOf(function).getOperation());
  kernel::ScheduleAttr schedule = gemm.getScheduleAttr();
  RankedTensorType weight = weightOf(gemm);
  const weight::Format &format = *weight::findFormat(layoutOf(gemm).getFormat());
  int64_t most = schedule.getMostRows();
  // Of a prompt, the logits of its last row are wanted.
  int64_t rows = most == 1 || (most == 0 && uses.makesLogits) ? 1 : most ? std::min(most, kFewRows) : manyRows;
  return {.signature = kernel::signatureOf(gemm, format.name, most),
          .function = function,
          .standard = ::pointOf(schedule),
          .mostRows = most,
          .rows = rows,
          .calls = uses.calls,
          .group = group,
          .outputs = weight.getDimSize(0),
          .inputs = weight.getDimSize(1),
          .coldBytes = double(weight::packedBytes(weight)),
          .isInteger = isa<IntegerType>(cast<RankedTensorType>(gemm.getX().getType()).getElementType()),
          .isWidened = gemm.widensWeight(),
          .isLookedUp = format.codeValues != nullptr,
          .zeros = gemm.getZeros() ? gemm.getZeros()->convertToDouble() : 0};
}

static Task scanTask(func::FuncOp function, kernel::ScanOp scan, int64_t most, int64_t manyRows) {
  double stateBytes = 0;
  for (Value state : scan.getStates())
    stateBytes += 4 * double(cast<RankedTensorType>(state.getType()).getNumElements());
  return {.signature = kernel::signatureOf(scan, most),
          .function = function,
          .standard = ::pointOf(scan.getScheduleAttr()),
          .mostRows = most,
          .rows = most ? most : manyRows,
          .calls = 0,
          .group = 0,
          .outputs = scan.getChannels(),
          .inputs = 1,
          .coldBytes = stateBytes,
          .isScan = true};
}

std::vector<Task> tune::findTasks(ModuleOp module, int64_t manyRows) {
  llvm::MapVector<func::FuncOp, Uses> gemms;
  std::map<std::string, Task> scans; // by signature
  for (func::FuncOp program : passes::programs(module))
    program.walk([&](kernel::CallOp call) {
      auto function = module.lookupSymbol<func::FuncOp>(call.getCallee());
      kernel::KernelOpInterface op = kernelOf(function);
      int64_t most = passes::mostRows(program);
      if (auto scan = dyn_cast<kernel::ScanOp>(op.getOperation())) {
        // Of a few sequences, each is scanned by itself.
        if (most > 1)
          return;
        Task task = scanTask(function, scan, most, manyRows);
        ++scans.try_emplace(task.signature, task).first->second.calls;
      }
      if (!isa<kernel::GemmOp>(op.getOperation()))
        return;
      auto weight = call.getInputs()[1].getDefiningOp<weight::TensorOp>();
      Uses &uses = gemms[function];
      uses.makesLogits |= makesLogits(call);
      uses.weights.push_back(weight->getAttrDictionary());
      // A kernel of several programs counts in the last one, which takes the most rows.
      uses.calls += most == op.getScheduleAttr().getMostRows();
    });

  llvm::EquivalenceClasses<Attribute> joined;
  for (auto &[function, uses] : gemms)
    for (Attribute weight : uses.weights)
      joined.unionSets(uses.weights.front(), weight);
  DenseMap<Attribute, unsigned> groups;
  std::vector<Task> tasks;
  for (auto &[function, uses] : gemms) {
    unsigned group = groups.try_emplace(joined.getLeaderValue(uses.weights.front()), groups.size()).first->second;
    tasks.push_back(gemmTask(function, uses, group, manyRows));
  }
  unsigned group = groups.size();
  for (auto &[signature, task] : scans) {
    task.group = group++;
    tasks.push_back(std::move(task));
  }
  return tasks;
}

std::vector<Point> tune::spaceOf(const Task &task, const KernelShape &shape, const Machine &machine) {
  if (!task.isScan)
    return searchSpace(shape, machine);
  auto scan = cast<kernel::ScanOp>(kernelOf(task.function).getOperation());
  bool hasBlocks = scan.getGroups() == 1 && !scan.hasMatrixState();
  return scanSpace(task.standard, scan.hasMatrixState() ? scan.getGroupSize() : 0, hasBlocks);
}

std::string tune::scheduleText(const Task &task, const Point &point) {
  std::string text;
  llvm::raw_string_ostream(text) << Attribute(scheduleOf(task, point));
  return text;
}

std::optional<Point> tune::pointOf(const Task &task, StringRef schedule) {
  auto parsed = dyn_cast_or_null<kernel::ScheduleAttr>(parseAttribute(schedule, task.function->getContext()));
  if (!parsed || !findBackend(parsed.getBackend()))
    return std::nullopt;
  Point point = ::pointOf(parsed);
  bool isOfTask = scheduleOf(task, point) == parsed && (task.zeros > 0 || !point.skipZeros);
  return isOfTask ? std::optional(point) : std::nullopt;
}

/// A copy of the task's function under `schedule`, with the rows that its weight's layout takes.
static func::FuncOp cloneUnder(const Task &task, kernel::ScheduleAttr schedule, const Twine &name) {
  auto clone = cast<func::FuncOp>(task.function->clone());
  clone.setSymName(name.str());
  kernelOf(clone).setScheduleAttr(schedule);
  auto gemm = dyn_cast<kernel::GemmOp>(kernelOf(clone).getOperation());
  if (!gemm)
    return clone;
  RankedTensorType type = weightOf(gemm);
  StringRef format = layoutOf(gemm).getFormat();
  auto layout = weight::LayoutAttr::get(clone.getContext(), format, schedule.getPanel(), schedule.getSkipZeros());
  gemm.getWeight().setType(RankedTensorType::get(type.getShape(), type.getElementType(), layout));
  auto x = cast<RankedTensorType>(gemm.getX().getType());
  if (schedule.getSkipZeros())
    gemm.getX().setType(passes::rowsForInputs(x, *weight::findFormat(format)));
  Block &block = clone.getBody().front();
  clone.setFunctionType(
      FunctionType::get(clone.getContext(), block.getArgumentTypes(), clone.getFunctionType().getResults()));
  return clone;
}

std::vector<Point> tune::pointsOf(StringRef name, const Task &task, const std::vector<Point> &space,
                                  const KernelTarget &target) {
  const Backend &backend = *findBackend(name);
  if (&backend == backends().front()) // refuses nothing
    return space;
  std::vector<Point> found;
  std::set<int64_t> panels;
  for (Point point : space) {
    if (!backend.followsTiles && !panels.insert(point.panel).second)
      continue;
    point.backend = placeOf(name);
    OwningOpRef<func::FuncOp> clone = cloneUnder(task, scheduleOf(task, point), "candidate");
    if (backend.refuses(kernelOf(*clone), target).empty())
      found.push_back(point);
  }
  return found;
}

std::string tune::candidatesText(const Task &task, const std::vector<Point> &points) {
  OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(task.function->getContext()));
  for (auto [i, point] : llvm::enumerate(points))
    module->push_back(cloneUnder(task, scheduleOf(task, point), "kernel_" + Twine(i)));
  std::string text;
  llvm::raw_string_ostream(text) << *module;
  return text;
}
