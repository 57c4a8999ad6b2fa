//===- Body.td - What kernel bodies say beside arith and math -*- tablegen -*-===//
#ifndef RWKVC_KERNEL_BODY_TD
#define RWKVC_KERNEL_BODY_TD

include "dialects/Kernel/KernelDialect.td"
include "mlir/IR/EnumAttr.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Kernel_Axis : I32EnumAttr<"Axis", "an axis of a group's state", [
    I32EnumAttrCase<"All", 0, "all">,
    I32EnumAttrCase<"Rows", 1, "rows">,
    I32EnumAttrCase<"Columns", 2, "columns">]> {
  let cppNamespace = "::rwkvc::kernel";
}

def Kernel_Combiner : I32EnumAttr<"Combiner", "how a reduction combines", [
    I32EnumAttrCase<"Add", 0, "add">,
    I32EnumAttrCase<"Max", 1, "max">]> {
  let cppNamespace = "::rwkvc::kernel";
}

def Kernel_YieldOp : Kernel_Op<"yield", [Pure, Terminator]> {
  let summary = "Ends the body of a kernel or of a parallel region.";
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
  let builders = [OpBuilder<(ins), [{ build($_builder, $_state, ::mlir::ValueRange()); }]>];
}

def Kernel_BroadcastOp : Kernel_Op<"broadcast", [Pure]> {
  let summary = "Repeats a scalar over a group, or a group over a matrix.";
  let description = [{
    Semantics:

    ```
    along all:     out[i]    = value
    along rows:    out[i, j] = value[j]   // value is every row
    along columns: out[i, j] = value[i]   // value is every column
    ```

    Constraints:

    * (C1) Along `all`, the value is an f32 and the result a tensor<N>.
    * (C2) Otherwise the value is a tensor<N> and the result a tensor<NxN>.

    Example: `%m = kernel.broadcast %v along rows : tensor<8xf32> -> tensor<8x8xf32>`.
  }];
  let arguments = (ins AnyTypeOf<[F32, 1DTensorOf<[F32]>]>:$value, Kernel_Axis:$axis);
  let results = (outs RankedTensorOf<[F32]>:$result);
  let assemblyFormat = "$value `along` $axis attr-dict `:` type($value) `->` type($result)";
  let hasVerifier = 1;
}

def Kernel_ReduceOp : Kernel_Op<"reduce", [Pure]> {
  let summary = "Combines the elements of a group or of a matrix.";
  let description = [{
    Semantics, with a sum or a maximum for `combine`:

    ```
    over all:     out    = combine over i of value[i]
    over columns: out[i] = combine over j of value[i, j]
    over rows:    out[j] = combine over i of value[i, j]
    ```

    The order in which elements are combined is the backend's, but the same
    for every row, group and thread count.

    Constraints:

    * (C1) Over `all`, the value is a tensor<N> and the result an f32.
    * (C2) Otherwise the value is a tensor<NxN> and the result a tensor<N>.

    Example: `%s = kernel.reduce add %v over all : tensor<8xf32> -> f32`.
  }];
  let arguments = (ins Kernel_Combiner:$combiner, RankedTensorOf<[F32]>:$value, Kernel_Axis:$axis);
  let results = (outs AnyTypeOf<[F32, 1DTensorOf<[F32]>]>:$result);
  let assemblyFormat = [{
    $combiner $value `over` $axis attr-dict `:` type($value) `->` type($result)
  }];
  let hasVerifier = 1;
}

#endif // RWKVC_KERNEL_BODY_TD
