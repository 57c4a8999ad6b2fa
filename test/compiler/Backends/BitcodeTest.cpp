// A kernel that came as bitcode is one function of the module: internal, not inlined, and what it calls is not seen.
#include "compiler/Backends/Bitcode.h"
#include "llvm/AsmParser/Parser.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include <gtest/gtest.h>

using namespace rwkvc;

namespace {

std::unique_ptr<llvm::Module> parse(llvm::StringRef text, llvm::LLVMContext &context) {
  llvm::SMDiagnostic error;
  auto module = llvm::parseAssemblyString(text, error, context);
  EXPECT_TRUE(module) << error.getMessage().str();
  return module;
}

std::string bitcode(llvm::StringRef text) {
  llvm::LLVMContext context;
  std::string bytes;
  llvm::raw_string_ostream stream(bytes);
  llvm::WriteBitcodeToFile(*parse(text, context), stream);
  return bytes;
}

class Bitcode : public testing::Test {
protected:
  Bitcode() { mlir.loadDialect<mlir::LLVM::LLVMDialect>(); }

  /// Links a module that calls @name, whose bitcode is `bytes`; the sentence if that fails.
  std::string link(llvm::StringRef name, llvm::StringRef bytes) {
    mlir::ImplicitLocOpBuilder builder(mlir::UnknownLoc::get(&mlir), &mlir);
    mlir::OwningOpRef<mlir::ModuleOp> source = mlir::ModuleOp::create(builder.getLoc());
    builder.setInsertionPointToEnd(source->getBody());
    auto type = mlir::LLVM::LLVMFunctionType::get(mlir::LLVM::LLVMVoidType::get(&mlir), {builder.getI64Type()});
    auto declared = mlir::LLVM::LLVMFuncOp::create(builder, name, type, mlir::LLVM::Linkage::Internal);
    setBitcode(declared, bytes);
    EXPECT_TRUE(mlir::succeeded(source->verify()));
    std::string text = ("declare void @" + name + "(i64)\ndefine void @step() {\n  call void @" + name +
                        "(i64 3)\n  ret void\n}\n; Of another kernel.\ndefine internal i64 @helper(i64 %x) {\n  ret i64 %x\n}")
                           .str();
    linked = parse(text, context);
    return llvm::toString(linkBitcode(*source, *linked));
  }

  mlir::MLIRContext mlir;
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> linked;
};

// Of a target of another name and layout, with names that the module has too.
const char *const kernel = R"(
target triple = "x86_64-unknown-linux-gnu"
target datalayout = "e-m:e-i64:64-n32:64"
@table = constant i64 5
define void @gemm_0(i64 %x) {
  %y = call i64 @helper(i64 %x)
  ret void
}
define i64 @helper(i64 %x) {
  %value = load i64, ptr @table
  ret i64 %value
}
)";

TEST_F(Bitcode, BecomesPartOfTheModule) {
  ASSERT_EQ(link("gemm_0", bitcode(kernel)), "");
  EXPECT_FALSE(llvm::verifyModule(*linked));
  llvm::Function *gemm = linked->getFunction("gemm_0");
  ASSERT_TRUE(gemm && !gemm->isDeclaration());
  EXPECT_TRUE(gemm->hasInternalLinkage());
  EXPECT_TRUE(gemm->hasFnAttribute(llvm::Attribute::NoInline));
  for (llvm::GlobalValue &value : linked->global_values())
    EXPECT_TRUE(value.hasInternalLinkage() || value.getName() == "step") << value.getName().str();
  // Both helpers are there, each called by its own.
  EXPECT_EQ(linked->getFunction("helper")->size(), 1u);
  EXPECT_EQ(linked->size(), 4u);
}

TEST_F(Bitcode, IsRefusedInASentence) {
  EXPECT_EQ(link("gemm_0", "BC").find("the bitcode of kernel 'gemm_0' cannot be read: "), 0u);
  EXPECT_EQ(link("gemm_1", bitcode(kernel)), "the bitcode of kernel 'gemm_1' does not define it");
  EXPECT_EQ(link("helper2", bitcode("define i64 @helper2(i64 %x) {\n  ret i64 %x\n}")),
            "the bitcode of kernel 'helper2' defines it with other arguments");
}

} // namespace
