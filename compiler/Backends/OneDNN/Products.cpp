//===- Products.cpp - What a module needs of its host's oneDNN ------------===//
#include "compiler/Backends/OneDNN/Products.h"
#include "compiler/Backends/LLVM/StructBuilder.h"
#include "runtime/abi/rwkvc_module.h"

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::llvm_backend;
using onednn_backend::kProducts;

/// The beginning of every product's name.
static constexpr llvm::StringLiteral kPrefix = "product.";

/// Makes @products a list of every product in `module`.
static void listProducts(ModuleOp module, ImplicitLocOpBuilder &builder) {
  if (Operation *old = module.lookupSymbol(kProducts))
    old->erase();
  emitGlobal(builder, kProducts, [&] {
    StructBuilder list(builder);
    for (auto global : module.getOps<LLVM::GlobalOp>())
      if (global.getSymName().starts_with(kPrefix))
        list.address(global.getSymName());
    list.null();
    return list.finishArray(LLVM::LLVMPointerType::get(builder.getContext()));
  });
}

std::string onednn_backend::productSymbol(ModuleOp module, const Product &product) {
  std::string name = (kPrefix + (product.isBf16 ? "bf16." : "f32.") + Twine(product.inputs)).str();
  if (module.lookupSymbol(name))
    return name;
  ImplicitLocOpBuilder builder(module.getLoc(), module.getContext());
  builder.setInsertionPointToEnd(module.getBody());
  LLVM::GlobalOp global = emitGlobal(builder, name, [&] {
    StructBuilder entry(builder);
    entry.integer(32, RWKVC_LIBRARY_ONEDNN);
    entry.integer(32, product.isBf16 ? RWKVC_ELEMENTS_BF16 : RWKVC_ELEMENTS_F32);
    entry.integer(32, product.inputs);
    entry.integer(32, product.panel);
    entry.integer(32, product.mostRows);
    entry.integer(32, 0);
    entry.null();
    entry.null();
    return entry.finish();
  });
  global.setConstant(false); // the host fills in its end
  listProducts(module, builder);
  return name;
}
