//===- RWKVTypes.td - The kinds of tensor in the dialect ---*- tablegen -*-===//
//
// Only the number of rows may be unknown at compile time. Whatever is stored in a
// checkpoint may have any float type; whatever is computed is f32.
//
//===----------------------------------------------------------------------===//
#ifndef RWKV_TYPES_TD
#define RWKV_TYPES_TD

include "mlir/IR/OpBase.td"

defvar RWKV_Static =
    CPred<"::llvm::cast<::mlir::RankedTensorType>($_self).hasStaticShape()">;

class RWKV_Tensor<Type base, Pred shape, string what>
    : Type<And<[base.predicate, shape]>, what, "::mlir::RankedTensorType">;

def RWKV_Rows : RWKV_Tensor<2DTensorOf<[F32]>,
    CPred<"!::llvm::cast<::mlir::RankedTensorType>($_self).isDynamicDim(1)">,
    "f32 rows [T, C] with C known">;

def RWKV_Vector : RWKV_Tensor<1DTensorOf<[AnyFloat]>, RWKV_Static,
    "float vector [C] with C known">;

def RWKV_RowsOrVector : AnyTypeOf<[RWKV_Rows, RWKV_Vector],
    "f32 rows [T, C] or float vector [C], with C known",
    "::mlir::RankedTensorType">;

def RWKV_Matrix : RWKV_Tensor<2DTensorOf<[AnyFloat]>, RWKV_Static,
    "float matrix of known shape">;

def RWKV_VectorState : RWKV_Tensor<1DTensorOf<[F32]>, RWKV_Static,
    "f32 state [C] with C known">;

def RWKV_MatrixState : RWKV_Tensor<3DTensorOf<[F32]>, RWKV_Static,
    "f32 state [H, N, N] of known shape">;

def RWKV_Indices : RWKV_Tensor<1DTensorOf<[I32]>, CPred<"true">,
    "i32 vector">;

#endif // RWKV_TYPES_TD
