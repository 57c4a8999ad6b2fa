//===- CandidateCode.cpp - Code of candidates, in this process ------------===//
#include "compiler/Tune/CandidateCode.h"
#include "compiler/Backends/LLVM/Passes.h"
#include "compiler/Backends/OneDNN/Products.h"
#include "compiler/Backends/Passes.h"
#include "compiler/Pipeline/CompileModel.h"
#include "compiler/Pipeline/FirstError.h"
#include "compiler/Pipeline/Link.h"
#include "dialects/Kernel/Kernel.h"
#include "dialects/Quant/Weight.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Parser/Parser.h"
#include "runtime/src/Status.h"
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

Expected<OwningOpRef<ModuleOp>> tune::parseCandidates(llvm::StringRef text, MLIRContext &context) {
  prepareContext(context);
  context.loadDialect<arith::ArithDialect, func::FuncDialect, math::MathDialect, kernel::KernelDialect,
                      weight::WeightDialect>();
  FirstError first(&context);
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context);
  if (!module)
    return llvm::createStringError("the candidates cannot be read: " + first.sentence());
  return module;
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

static Error lower(ModuleOp module, const rwkvc::Target &target, llvm::StringRef autoscheduler) {
  FirstError first(module.getContext());
  PassManager tile(module.getContext(), "builtin.module"), lowering(module.getContext(), "builtin.module");
  tile.addPass(lowering::createTile({target.triple, target.listedFeatures(), autoscheduler.str()}));
  llvm_backend::addLowering(lowering);
  if (failed(tile.run(module)))
    return llvm::createStringError("a candidate has no loops: " + first.sentence());
  for (auto function : module.getOps<LLVM::LLVMFuncOp>())
    if (function.getSymName().starts_with("kernel_"))
      function.setLinkage(LLVM::Linkage::External);
  if (auto list = module.lookupSymbol<LLVM::GlobalOp>(onednn_backend::kProducts))
    list.setLinkage(LLVM::Linkage::External);
  if (failed(lowering.run(module)))
    return llvm::createStringError("a candidate has no code: " + first.sentence());
  return Error::success();
}

/// Code of every candidate whose number is `part` more than a multiple of `parts`.
static Expected<llvm::SmallVector<char, 0>> compilePart(llvm::StringRef text, const rwkvc::Target &target,
                                                        llvm::StringRef autoscheduler, size_t part, size_t parts) {
  MLIRContext context;
  Expected<OwningOpRef<ModuleOp>> module = parseCandidates(text, context);
  if (!module)
    return module.takeError();
  for (auto [i, function] : llvm::enumerate(llvm::to_vector((*module)->getOps<func::FuncOp>())))
    if (i % parts != part)
      function.erase();
  addEmptyProgram(**module);
  if (Error error = lower(**module, target, autoscheduler))
    return std::move(error);
  return makeObject(**module, target);
}

Expected<CandidateLibrary> CandidateLibrary::load(llvm::StringRef image, uint32_t threads) {
  int file = memfd_create("candidates.so", MFD_CLOEXEC);
  while (file >= 0 && !image.empty()) {
    ssize_t count = write(file, image.data(), image.size());
    if (count <= 0)
      return llvm::createStringError("cannot keep the candidates' code in memory");
    image = image.drop_front(count);
  }
  CandidateLibrary library;
  library.handle = dlopen(("/proc/self/fd/" + std::to_string(file)).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library.handle)
    return llvm::createStringError("cannot load the candidates' code: " + llvm::Twine(dlerror()));
  library.products = std::make_unique<Products>();
  auto *table = static_cast<rwkvc_product_t **>(dlsym(library.handle, onednn_backend::kProducts.data()));
  if (rwkvc_status_t status = library.products->link(table, "a candidate"))
    return llvm::createStringError(rwkvc_status_message(status));
  for (uint32_t thread = 0; !library.products->empty() && thread < threads; ++thread)
    library.own.push_back(std::make_unique<ProductThread>(*library.products));
  return library;
}

void *CandidateLibrary::find(size_t number) const { return dlsym(handle, ("kernel_" + std::to_string(number)).c_str()); }

Expected<std::vector<CandidateLibrary>> tune::compileCandidates(llvm::StringRef text, const rwkvc::Target &target,
                                                                llvm::StringRef autoscheduler, uint32_t threads) {
  std::vector<std::optional<Expected<llvm::SmallVector<char, 0>>>> objects(threads);
  std::vector<std::thread> compilers;
  for (uint32_t part = 0; part < threads; ++part)
    compilers.emplace_back([&, part] { objects[part].emplace(compilePart(text, target, autoscheduler, part, threads)); });
  for (std::thread &compiler : compilers)
    compiler.join();
  // The linker works for one at a time. After an error the others are of no use.
  std::vector<CandidateLibrary> libraries;
  Error failure = Error::success();
  for (auto &object : objects) {
    if (!*object) {
      failure = llvm::joinErrors(std::move(failure), object->takeError());
      continue;
    }
    Expected<std::unique_ptr<llvm::MemoryBuffer>> image = linkImage(**object);
    Expected<CandidateLibrary> library =
        image ? CandidateLibrary::load((*image)->getBuffer(), threads) : image.takeError();
    if (library)
      libraries.push_back(std::move(*library));
    else
      failure = llvm::joinErrors(std::move(failure), library.takeError());
  }
  if (failure)
    return std::move(failure);
  return libraries;
}
