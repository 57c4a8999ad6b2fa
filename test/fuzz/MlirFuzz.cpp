// Text through the parsers and verifiers of our dialects, as rwkv-opt reads it.
#include "dialects/Kernel/Kernel.h"
#include "dialects/Quant/Weight.h"
#include "dialects/RWKV/RWKV.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "test/fuzz/FuzzedFile.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  static mlir::DialectRegistry &registry = [&]() -> mlir::DialectRegistry & {
    static mlir::DialectRegistry all;
    all.insert<mlir::arith::ArithDialect, mlir::func::FuncDialect, mlir::math::MathDialect, rwkvc::rwkv::RWKVDialect,
               rwkvc::kernel::KernelDialect, rwkvc::weight::WeightDialect>();
    return all;
  }();
  std::string text(reinterpret_cast<const char *>(bytes), size);
  // A fresh one each time: attributes and types live as long as the context.
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  mlir::ScopedDiagnosticHandler silent(&context, [](mlir::Diagnostic &) { return mlir::success(); });
  mlir::OwningOpRef<mlir::ModuleOp> module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  if (!module)
    return 0;
  // What was accepted is written so that it is accepted again.
  std::string written;
  llvm::raw_string_ostream(written) << *module;
  fuzz::demand(bool(mlir::parseSourceString<mlir::ModuleOp>(written, &context)));
  return 0;
}
