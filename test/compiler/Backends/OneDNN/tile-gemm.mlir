// RUN: rwkv-opt %s --kernel-tile="features=avx512f;avx512bf16" --canonicalize --cse | FileCheck %s
// The host multiplies up to 256 rows with a panel; the epilogue and the only stores to the output come after.

func.func @forward(%tokens: tensor<?xi32>, %wanted: tensor<?xi32>) attributes {kernel.arena_row_bytes = 0 : i64} {
  return
}

// 96 inputs of bf16 are 192 bytes a row; a panel has 96 x 64 of them. 130 outputs are two whole panels and two outputs.
// CHECK-LABEL: llvm.func internal @gemm
// CHECK-SAME: %[[X:arg0]]: !llvm.ptr, %[[W:arg1]]: !llvm.ptr, %[[ROWS:arg2]]: !llvm.ptr, %[[OUT:arg3]]: !llvm.ptr, %[[ROW0:arg4]]: i64, %[[ROW1:arg5]]: i64, %[[UNIT0:arg6]]: i64
// CHECK: %[[PRODUCT:[0-9]+]] = llvm.mlir.addressof @product.bf16.96
// CHECK: %[[SUMS:[0-9]+]] = llvm.alloca {{.*}} {alignment = 64 : i64}
// CHECK: llvm.getelementptr %[[PRODUCT]][24]
// CHECK-NEXT: %[[CONTEXT:[0-9]+]] = llvm.load
// CHECK: llvm.getelementptr %[[PRODUCT]][32]
// CHECK-NEXT: %[[MULTIPLY:[0-9]+]] = llvm.load
// CHECK: scf.for %{{[a-z0-9]+}} = %[[UNIT0]] to
// CHECK: scf.for %[[FIRST:[a-z0-9]+]] = %[[ROW0]] to %[[ROW1]] step %c256_i64
// CHECK: llvm.call %[[MULTIPLY]](%[[CONTEXT]], %{{[0-9]+}}, %[[COUNT:[0-9]+]], %{{[0-9]+}}, %[[SUMS]])
// CHECK: scf.for %{{[a-z0-9]+}} = %c0_i64 to %[[COUNT]]
// CHECK-COUNT-4: arith.addf {{.*}} : vector<16xf32>
// CHECK: scf.if
// CHECK: llvm.call %[[MULTIPLY]](%[[CONTEXT]]
// CHECK: llvm.intr.masked.store
// CHECK: llvm.return
func.func private @gemm(%x: tensor<?x96xbf16>, %w: tensor<130x96xbf16, #weight.layout<"bf16", panel = 64>>, %rows: tensor<?x130xf32>) -> tensor<?x130xf32> {
  %0 = kernel.gemm %x, %w rows(%rows : tensor<?x130xf32>) schedule <backend = "onednn", panel = 64, tile_rows = 6, tile_columns = 64, block = 64> {
  ^bb0(%acc: f32, %row: f32):
    %sum = arith.addf %acc, %row : f32
    kernel.yield %sum : f32
  } : tensor<?x96xbf16>, tensor<130x96xbf16, #weight.layout<"bf16", panel = 64>> -> tensor<?x130xf32>
  return %0 : tensor<?x130xf32>
}

// Kernels of as many inputs share a product.
func.func private @same(%x: tensor<?x96xbf16>, %w: tensor<64x96xbf16, #weight.layout<"bf16", panel = 64>>) -> tensor<?x64xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "onednn", panel = 64, tile_rows = 6, tile_columns = 64, block = 64> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x96xbf16>, tensor<64x96xbf16, #weight.layout<"bf16", panel = 64>> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

func.func private @other(%x: tensor<?x16xf32>, %w: tensor<64x16xf32, #weight.layout<"f32", panel = 64>>) -> tensor<?x64xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "onednn", panel = 64, tile_rows = 6, tile_columns = 64, block = 64> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x16xf32>, tensor<64x16xf32, #weight.layout<"f32", panel = 64>> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// Library, elements, inputs, outputs, most rows; what follows is the host's.
// CHECK: llvm.mlir.global internal @product.bf16.96()
// CHECK-SAME: !llvm.struct<(i32, i32, i32, i32, i32, i32, ptr, ptr)>
// CHECK-DAG: constant(96 : i32)
// CHECK-DAG: constant(64 : i32)
// CHECK-DAG: constant(256 : i32)
// CHECK: llvm.return
// CHECK-NOT: @product.bf16.96()
// CHECK: llvm.mlir.global internal @product.f32.16()
// CHECK: llvm.mlir.global internal constant @products() {{.*}} : !llvm.array<3 x ptr>
// CHECK-NEXT: addressof @product.bf16.96
// CHECK-NEXT: addressof @product.f32.16
// CHECK-NEXT: zero
// CHECK: llvm.return
