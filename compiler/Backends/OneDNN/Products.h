//===- Products.h - What a module needs of its host's oneDNN -----*- C++ -*-===//
#ifndef COMPILER_BACKENDS_ONEDNN_PRODUCTS_H
#define COMPILER_BACKENDS_ONEDNN_PRODUCTS_H

#include "mlir/IR/BuiltinOps.h"
#include <string>

namespace rwkvc::onednn_backend {

/// Of rows with a panel of weights.
struct Product {
  bool isBf16; // else f32
  int64_t inputs, mostRows, panel;
};

/// The module's list of all its products; kernel-describe-module makes it empty where there is none.
inline constexpr llvm::StringLiteral kProducts = "products";

/// The symbol of the rwkvc_product_t that describes `product`, which kernels share.
std::string productSymbol(mlir::ModuleOp module, const Product &product);

} // namespace rwkvc::onednn_backend

#endif // COMPILER_BACKENDS_ONEDNN_PRODUCTS_H
