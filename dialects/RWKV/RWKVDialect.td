//===- RWKVDialect.td - The rwkv dialect -------------------*- tablegen -*-===//
//
// Model-level semantics of RWKV for one sequence of T rows. Nothing here knows of
// tiles, vectors, storage formats, several sequences or hardware.
//
//===----------------------------------------------------------------------===//
#ifndef RWKV_DIALECT_TD
#define RWKV_DIALECT_TD

include "mlir/IR/OpBase.td"

def RWKV_Dialect : Dialect {
  let name = "rwkv";
  let cppNamespace = "::rwkvc::rwkv";
  let summary = "What an RWKV model computes, for one sequence of rows.";
  let description = [{
    Activations are rows x channels, `tensor<?xCxf32>`: heads are not a dimension,
    channel `h * N + n` belongs to head `h`. See docs/RationaleRWKV.md.

    Discardable attributes:

    * `rwkv.model` on the module: a dictionary of the model's dimensions.
    * `rwkv.tokenizer` on the module: a string, a packed tokenizer that it shall carry.
    * `rwkv.state` on a function argument: the name of a recurrent state that the
      caller keeps; its next value is a result of the function.
    * `rwkv.initial` beside it: the f32 that every element has at the start of a text.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect",
                           "::rwkvc::kernel::KernelDialect"];
  let hasOperationAttrVerify = 1;
  let hasRegionArgAttrVerify = 1;
}

class RWKV_Op<string mnemonic, list<Trait> traits = []>
    : Op<RWKV_Dialect, mnemonic, traits>;

#endif // RWKV_DIALECT_TD
