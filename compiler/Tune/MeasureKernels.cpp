//===- MeasureKernels.cpp - The process that candidates run in ------------===//
#include "compiler/Tune/MeasureKernels.h"
#include "compiler/Backends/LLVM/Passes.h"
#include "compiler/Backends/Passes.h"
#include "compiler/Pipeline/CompileModel.h"
#include "compiler/Pipeline/FirstError.h"
#include "compiler/Pipeline/Link.h"
#include "compiler/Tune/KernelMemory.h"
#include "dialects/Quant/Weight.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Parser/Parser.h"
#include "runtime/src/ThreadPool.h"
#include <chrono>
#include <cstdio>
#include <dlfcn.h>
#include <optional>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::tune;
using llvm::Error;
using llvm::Expected;

/// Most pointers of a kernel: rows, weight, output, and what an epilogue takes besides.
static constexpr size_t kMostPointers = 8;

static void say(const llvm::Twine &line) {
  llvm::outs() << line << '\n';
  llvm::outs().flush();
}

/// The step's program is nothing: candidates are called from outside.
static void addEmptyProgram(ModuleOp module) {
  OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
  auto numbers = RankedTensorType::get({ShapedType::kDynamic}, builder.getI32Type());
  auto program = func::FuncOp::create(module.getLoc(), "forward", builder.getFunctionType({numbers, numbers}, {}));
  program->setAttr("kernel.arena_row_bytes", builder.getI64IntegerAttr(0));
  module.push_back(program);
  builder.setInsertionPointToStart(program.addEntryBlock());
  func::ReturnOp::create(builder, module.getLoc());
}

static Error lower(ModuleOp module, const rwkvc::Target &target) {
  FirstError first(module.getContext());
  std::string features = target.codeFeatures;
  std::replace(features.begin(), features.end(), ',', ';');
  PassManager tile(module.getContext(), "builtin.module"), lowering(module.getContext(), "builtin.module");
  tile.addPass(lowering::createTile({target.triple, features}));
  llvm_backend::addLowering(lowering);
  if (failed(tile.run(module)))
    return llvm::createStringError("a candidate has no loops: " + first.sentence());
  for (auto function : module.getOps<LLVM::LLVMFuncOp>())
    if (function.getSymName().starts_with("kernel_"))
      function.setLinkage(LLVM::Linkage::External);
  if (failed(lowering.run(module)))
    return llvm::createStringError("a candidate has no code: " + first.sentence());
  return Error::success();
}

static Expected<OwningOpRef<ModuleOp>> parse(llvm::StringRef text, MLIRContext &context) {
  prepareContext(context);
  context.loadDialect<arith::ArithDialect, func::FuncDialect, math::MathDialect, kernel::KernelDialect,
                      weight::WeightDialect>();
  FirstError first(&context);
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context);
  if (!module)
    return llvm::createStringError("the candidates cannot be read: " + first.sentence());
  return module;
}

/// Code of every candidate whose number is `part` more than a multiple of `parts`.
static Expected<llvm::SmallVector<char, 0>> compilePart(llvm::StringRef text, const rwkvc::Target &target, size_t part,
                                                        size_t parts) {
  MLIRContext context;
  Expected<OwningOpRef<ModuleOp>> module = parse(text, context);
  if (!module)
    return module.takeError();
  for (auto [i, function] : llvm::enumerate(llvm::to_vector((*module)->getOps<func::FuncOp>())))
    if (i % parts != part)
      function.erase();
  addEmptyProgram(**module);
  if (Error error = lower(**module, target))
    return std::move(error);
  return makeObject(**module, target);
}

static Expected<void *> load(llvm::StringRef image) {
  int file = memfd_create("candidates.so", MFD_CLOEXEC);
  while (file >= 0 && !image.empty()) {
    ssize_t count = write(file, image.data(), image.size());
    if (count <= 0)
      return llvm::createStringError("cannot keep the candidates' code in memory");
    image = image.drop_front(count);
  }
  void *library = dlopen(("/proc/self/fd/" + std::to_string(file)).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library)
    return llvm::createStringError("cannot load the candidates' code: " + llvm::Twine(dlerror()));
  return library;
}

/// Libraries of all candidates: number i is in the one of number i modulo their count. Compiling takes longer than
/// measuring, so that each thread has a part of it.
static Expected<std::vector<void *>> compile(llvm::StringRef text, const rwkvc::Target &target, size_t parts) {
  std::vector<std::optional<Expected<llvm::SmallVector<char, 0>>>> objects(parts);
  std::vector<std::thread> threads;
  for (size_t part = 0; part < parts; ++part)
    threads.emplace_back([&, part] { objects[part].emplace(compilePart(text, target, part, parts)); });
  for (std::thread &thread : threads)
    thread.join();
  // The linker works for one at a time. After an error the others are of no use.
  std::vector<void *> libraries;
  Error failure = Error::success();
  for (auto &object : objects) {
    if (!*object) {
      failure = llvm::joinErrors(std::move(failure), object->takeError());
      continue;
    }
    Expected<std::unique_ptr<llvm::MemoryBuffer>> image = linkImage(**object);
    Expected<void *> library = image ? load((*image)->getBuffer()) : image.takeError();
    if (library)
      libraries.push_back(*library);
    else
      failure = llvm::joinErrors(std::move(failure), library.takeError());
  }
  if (failure)
    return std::move(failure);
  return libraries;
}

template <size_t... index>
static void call(void *code, void *const *pointers, const int64_t *range, std::index_sequence<index...>) {
  using Pointer = void *;
  auto run = reinterpret_cast<void (*)(decltype(index, Pointer())..., int64_t, int64_t, int64_t, int64_t)>(code);
  run(pointers[index]..., range[0], range[1], range[2], range[3]);
}

/// Calls code of `count` pointers.
template <size_t most = kMostPointers>
static void callWith(size_t count, void *code, void *const *pointers, const int64_t *range) {
  if (count == most)
    return call(code, pointers, range, std::make_index_sequence<most>());
  if constexpr (most > 3)
    callWith<most - 1>(count, code, pointers, range);
}

namespace {

struct Candidate {
  kernel::GemmOp gemm;
  void *code;
  std::vector<double> times = {}; // ns of a call in each round
  bool isWrong = false;
};

/// One call, shared by threads as a step shares it.
struct Call {
  void *code;
  std::vector<void *> pointers;
  int64_t rows, units;

  static void run(void *context, uint32_t thread, uint32_t threads) {
    const Call &call = *static_cast<Call *>(context);
    int64_t range[] = {0, call.rows, call.units * thread / threads, call.units * (thread + 1) / threads};
    if (range[2] < range[3])
      callWith(call.pointers.size(), call.code, call.pointers.data(), range);
  }
};

class Measurement {
public:
  Measurement(const MeasureOptions &options)
      : options(options), memory(options.rows, options.coldBytes),
        pool(options.threads ? options.threads : availableCpus()) {}

  Error run(std::vector<Candidate> &candidates) {
    for (auto [i, candidate] : llvm::enumerate(candidates))
      if (Error error = check(i, candidate))
        return error;
    for (int64_t round = 0; round < options.rounds; ++round)
      for (Candidate &candidate : candidates)
        if (Expected<double> ns = candidate.isWrong ? 0.0 : time(candidate))
          candidate.times.push_back(*ns);
        else
          return ns.takeError();
    for (auto [i, candidate] : llvm::enumerate(candidates)) {
      std::string line = (kTimes + " " + llvm::Twine(i)).str();
      for (double ns : candidate.times)
        line += " " + std::to_string(ns);
      if (!candidate.isWrong)
        say(line);
    }
    return Error::success();
  }

private:
  /// All calls of `count`, each with the next copy of the weights.
  Expected<double> callOften(Candidate &candidate, uint64_t count) {
    std::vector<Call> calls;
    for (uint64_t i = 0; i < count; ++i) {
      Expected<std::vector<void *>> pointers = memory.argumentsOf(candidate.gemm, turn++);
      if (!pointers)
        return pointers.takeError();
      calls.push_back({candidate.code, std::move(*pointers), options.rows, candidate.gemm.getUnits()});
    }
    auto begin = std::chrono::steady_clock::now();
    for (Call &call : calls)
      pool.run(Call::run, &call);
    return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin).count() / double(count);
  }

  Error check(size_t number, Candidate &candidate) {
    if (candidate.gemm->getNumOperands() + 1 > kMostPointers)
      return llvm::createStringError("a kernel has too many operands to be measured");
    turn = 0;
    if (Expected<std::vector<void *>> made = memory.argumentsOf(candidate.gemm, 0); !made)
      return made.takeError();
    memory.clearOutput();
    say(kRunning + " " + llvm::Twine(number));
    if (Expected<double> ns = callOften(candidate, 1); !ns)
      return ns.takeError();
    if (expected.empty())
      expected = memory.output().vec();
    candidate.isWrong = memory.output() != llvm::ArrayRef(expected);
    if (candidate.isWrong)
      say(kWrong + " " + llvm::Twine(number));
    return Error::success();
  }

  Expected<double> time(Candidate &candidate) {
    // A call before a short one, since the threads slept and the code was replaced by others'.
    double known = candidate.times.empty() ? 0 : candidate.times.back();
    if (known < options.roundNs) {
      Expected<double> first = callOften(candidate, 1);
      if (!first)
        return first;
      known = known > 0 ? known : *first;
    }
    return callOften(candidate, std::clamp<uint64_t>(options.roundNs / known, 1, 1000));
  }

  MeasureOptions options;
  KernelMemory memory;
  ThreadPool pool;
  std::vector<uint8_t> expected;
  uint64_t turn = 0;
};

} // namespace

Error tune::measureKernels(llvm::StringRef text, const MeasureOptions &options) {
  Expected<rwkvc::Target> target = resolveTarget("native");
  if (!target)
    return target.takeError();
  Expected<std::vector<void *>> libraries = compile(text, *target, options.threads ? options.threads : availableCpus());
  if (!libraries)
    return libraries.takeError();
  MLIRContext context;
  Expected<OwningOpRef<ModuleOp>> module = parse(text, context);
  if (!module)
    return module.takeError();

  std::vector<Candidate> candidates;
  for (auto function : (*module)->getOps<func::FuncOp>()) {
    auto gemm = dyn_cast<kernel::GemmOp>(function.getBody().front().front());
    void *library = (*libraries)[candidates.size() % libraries->size()];
    void *code = dlsym(library, ("kernel_" + std::to_string(candidates.size())).c_str());
    if (!gemm || !code)
      return llvm::createStringError("a candidate is no gemm, or has no code");
    candidates.push_back({gemm, code});
  }
  say(kCompiled);
  if (Error error = Measurement(options).run(candidates))
    return error;
  say(kFinished);
  return Error::success();
}
