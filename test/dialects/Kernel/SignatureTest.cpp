#include "dialects/Kernel/Signature.h"
#include "dialects/Quant/Weight.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"
#include <gtest/gtest.h>

using namespace rwkvc;

/// The signature of a gemm with this body and layout.
static std::string signature(const std::string &body, const std::string &layout = "", int64_t most = 1,
                             const std::string &zeros = "", bool withZeros = true) {
  mlir::MLIRContext context;
  context.loadDialect<mlir::arith::ArithDialect, mlir::func::FuncDialect, kernel::KernelDialect,
                      weight::WeightDialect>();
  std::string weight = "tensor<32x64xf32" + layout + ">";
  auto module = mlir::parseSourceString<mlir::ModuleOp>(
      "func.func @f(%x: tensor<?x64xi16, #kernel.groups<size = 32, bits = 16, order = bytes>>, %w: " + weight +
          ") -> tensor<?x32xf32> {\n%0 = kernel.gemm %x, %w" + zeros + " {\n^bb0(%acc: f32):\n" + body +
          "} : tensor<?x64xi16, #kernel.groups<size = 32, bits = 16, order = bytes>>, " + weight +
          " -> tensor<?x32xf32>\nreturn %0 : tensor<?x32xf32>\n}",
      &context);
  if (!module)
    return "not read";
  std::string text;
  module->walk([&](kernel::GemmOp gemm) { text = kernel::signatureOf(gemm, "q8", most, withZeros); });
  return text;
}

static const std::string plain = "kernel.yield %acc : f32\n";
static const std::string twice = "%a = arith.addf %acc, %acc : f32\nkernel.yield %a : f32\n";

TEST(Signature, IsReadable) {
  std::string text = signature(twice);
  EXPECT_EQ(text.substr(0, text.size() - 8), "gemm rows=1 x=i16/32 weight=q8 32x64 body=addf #");
}

TEST(Signature, NeitherNamesNorLayoutsCount) {
  EXPECT_EQ(signature(twice), signature("%b = arith.addf %acc, %acc : f32\nkernel.yield %b : f32\n"));
  EXPECT_EQ(signature(plain), signature(plain, ", #weight.layout<\"q8\", panel = 32>"));
}

TEST(Signature, ExpectedZerosCountIfAsked) {
  std::string text = signature(plain, "", 1, " zeros 0.9");
  EXPECT_EQ(text.substr(0, text.size() - 8), "gemm rows=1 x=i16/32 weight=q8 32x64 body=none zeros=0.90 #");
  EXPECT_EQ(signature(plain, "", 1, " zeros 0.9", false), signature(plain));
}

TEST(Signature, WhatIsComputedCounts) {
  EXPECT_NE(signature(plain), signature(twice));
  EXPECT_NE(signature(plain), signature(plain, "", 16));
  std::string constant = "%c = arith.constant 1.0 : f32\n%a = arith.addf %acc, %c : f32\nkernel.yield %a : f32\n";
  std::string other = constant;
  other.replace(other.find("1.0"), 3, "2.0");
  EXPECT_NE(signature(constant), signature(other));
  // The same ops on other values.
  std::string turned = "%a = arith.subf %acc, %acc : f32\n%b = arith.subf %acc, %a : f32\nkernel.yield %b : f32\n";
  std::string straight = turned;
  straight.replace(straight.find("%acc, %a :"), 10, "%a, %acc :");
  EXPECT_NE(signature(turned), signature(straight));
}
