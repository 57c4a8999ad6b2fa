// A list of tensors, as a reader of files might have made it, through the recognition of versions and names and into a
// graph. A line each: the container first, then "key value" of its metadata, or "type shape name" as in "bf16 64x32 x.y".
// No element is there to be read: only views are made.
#include "dialects/RWKV/RWKV.h"
#include "frontends/Models/Models.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/StringExtras.h"
#include "test/fuzz/FuzzedFile.h"

#include <sys/mman.h>

using namespace rwkvc;
using llvm::StringRef;

static constexpr int64_t kReserved = int64_t(1) << 40; // bytes that all tensors may lie in
static constexpr DType kTypes[] = {DType::F32,  DType::F16,  DType::BF16, DType::Q4_0, DType::Q4_1, DType::Q5_0, DType::Q5_1,
                                   DType::Q8_0, DType::Q2_K, DType::Q3_K, DType::Q4_K, DType::Q5_K, DType::Q6_K};

// What every reader holds: sizes are at least 1, whole blocks, and lie inside of the file.
static bool addTensor(Checkpoint &checkpoint, StringRef type, StringRef sizes, StringRef name) {
  static const auto *nowhere = static_cast<const std::byte *>(
      mmap(nullptr, kReserved, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
  const auto *dtype = llvm::find_if(kTypes, [&](DType known) { return rwkvc::name(known) == type; });
  llvm::SmallVector<StringRef> texts;
  sizes.split(texts, 'x');
  llvm::SmallVector<int64_t> shape;
  int64_t elements = 1;
  for (StringRef text : texts) {
    int64_t size;
    if (text.getAsInteger(10, size) || size < 1 || __builtin_mul_overflow(elements, size, &elements))
      return false;
    shape.push_back(size);
  }
  if (dtype == std::end(kTypes) || elements > kReserved / 4 || shape.back() % blockElements(*dtype) != 0)
    return false;
  checkpoint.tensors[name.str()] = TensorView::dense(nowhere, *dtype, shape);
  return true;
}

static Checkpoint listed(StringRef text) {
  Checkpoint checkpoint;
  auto [container, rest] = text.split('\n');
  checkpoint.container = container.str();
  for (StringRef line : llvm::split(rest, '\n')) {
    auto [first, others] = line.split(' ');
    auto [sizes, name] = others.split(' ');
    if (name.empty() || !addTensor(checkpoint, first, sizes, name))
      checkpoint.metadata[first.str()] = others.str();
  }
  return checkpoint;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  Checkpoint checkpoint = listed({reinterpret_cast<const char *>(bytes), size});
  llvm::Expected<Model> model = recogniseModel(checkpoint);
  if (!model) {
    fuzz::demand(llvm::toString(model.takeError()).find('\n') == std::string::npos);
    return 0;
  }
  // A fresh one each time: attributes and types live as long as the context.
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  mlir::ScopedDiagnosticHandler silent(&context, [](mlir::Diagnostic &) { return mlir::success(); });
  // Whatever was recognised is a program.
  fuzz::demand(bool(llvm::cantFail(buildModel(context, *model))));
  return 0;
}
