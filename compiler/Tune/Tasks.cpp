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
#include <set>

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::tune;

/// Rows of a few: sequences that decode together.
static constexpr int64_t kFewRows = 8;

static kernel::GemmOp gemmOf(func::FuncOp function) {
  return dyn_cast<kernel::GemmOp>(function.getBody().front().front());
}

static RankedTensorType weightOf(kernel::GemmOp gemm) { return cast<RankedTensorType>(gemm.getWeight().getType()); }

static weight::LayoutAttr layoutOf(kernel::GemmOp gemm) {
  return cast<weight::LayoutAttr>(weightOf(gemm).getEncoding());
}

static int64_t placeOf(StringRef backend) { return llvm::find(backends(), findBackend(backend)) - backends().begin(); }

static Point pointOf(kernel::ScheduleAttr schedule) {
  return {schedule.getPanel(),       schedule.getTileRows(), schedule.getTileColumns(),
          schedule.getTileInputs(), schedule.getPrefetch(), placeOf(schedule.getBackend()), schedule.getSkipZeros()};
}

static kernel::ScheduleAttr scheduleOf(const Task &task, const Point &point) {
  kernel::ScheduleAttr standard = gemmOf(task.function).getScheduleAttr();
  return kernel::ScheduleAttr::get(standard.getContext(), backends()[point.backend]->name, point.panel, point.tileRows,
                                   point.tileColumns, standard.getBlock(), standard.getMostRows(),
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

std::vector<Task> tune::findTasks(ModuleOp module, int64_t manyRows) {
  llvm::MapVector<func::FuncOp, Uses> found;
  for (func::FuncOp program : passes::programs(module))
    program.walk([&](kernel::CallOp call) {
      auto function = module.lookupSymbol<func::FuncOp>(call.getCallee());
      kernel::GemmOp gemm = gemmOf(function);
      if (!gemm)
        return;
      auto weight = call.getInputs()[1].getDefiningOp<weight::TensorOp>();
      Uses &uses = found[function];
      uses.makesLogits |= makesLogits(call);
      uses.weights.push_back(weight->getAttrDictionary());
      // A kernel of several programs counts in the last one, which takes the most rows.
      uses.calls += passes::mostRows(program) == gemm.getScheduleAttr().getMostRows();
    });

  llvm::EquivalenceClasses<Attribute> joined;
  for (auto &[function, uses] : found)
    for (Attribute weight : uses.weights)
      joined.unionSets(uses.weights.front(), weight);
  DenseMap<Attribute, unsigned> groups;
  std::vector<Task> tasks;
  for (auto &[function, uses] : found) {
    kernel::GemmOp gemm = gemmOf(function);
    kernel::ScheduleAttr schedule = gemm.getScheduleAttr();
    RankedTensorType weight = weightOf(gemm);
    const weight::Format &format = *weight::findFormat(layoutOf(gemm).getFormat());
    int64_t most = schedule.getMostRows();
    unsigned group = groups.try_emplace(joined.getLeaderValue(uses.weights.front()), groups.size()).first->second;
    tasks.push_back({kernel::signatureOf(gemm, format.name, most), function, ::pointOf(schedule), most,
                     // Of a prompt, the logits of its last row are wanted.
                     most == 1 || (most == 0 && uses.makesLogits) ? 1 : most ? std::min(most, kFewRows) : manyRows,
                     uses.calls, group, weight.getDimSize(0), weight.getDimSize(1),
                     double(weight::packedBytes(weight)),
                     isa<IntegerType>(cast<RankedTensorType>(gemm.getX().getType()).getElementType()),
                     gemm.widensWeight(), format.codeValues != nullptr,
                     gemm.getZeros() ? gemm.getZeros()->convertToDouble() : 0});
  }
  return tasks;
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
  return scheduleOf(task, point) == parsed ? std::optional(point) : std::nullopt;
}

/// A copy of the task's function under `schedule`, with the rows that its weight's layout takes.
static func::FuncOp cloneUnder(const Task &task, kernel::ScheduleAttr schedule, const Twine &name) {
  auto clone = cast<func::FuncOp>(task.function->clone());
  clone.setSymName(name.str());
  kernel::GemmOp gemm = gemmOf(clone);
  gemm.setScheduleAttr(schedule);
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
    if (backend.refuses(gemmOf(*clone), target).empty())
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
