// RUN: rwkv-opt %s --kernel-tile --canonicalize --cse | FileCheck %s
// A scan over groups: each group's row is one vector, and the rows of its matrix state are visited once.

func.func @forward(%tokens: tensor<?xi32>, %wanted: tensor<?xi32>) attributes {kernel.arena_row_bytes = 0 : i64} {
  return
}

// CHECK-LABEL: llvm.func internal @one_pass
// CHECK-SAME: %[[R:arg0]]: !llvm.ptr, %[[K:arg1]]: !llvm.ptr, %[[U:arg2]]: !llvm.ptr, %[[S:arg3]]: !llvm.ptr, %[[OUT:arg4]]: !llvm.ptr, %[[ROW0:arg5]]: i64, %[[ROW1:arg6]]: i64, %[[UNIT0:arg7]]: i64, %[[UNIT1:arg8]]: i64
// CHECK: %[[SCRATCH:[0-9]+]] = llvm.alloca
// CHECK: scf.for {{.*}} = %[[UNIT0]] to %[[UNIT1]] step %c1_i64
// CHECK: scf.for {{.*}} = %[[ROW0]] to %[[ROW1]] step %c1_i64
// What a row of the state needs is ready before.
// CHECK: %[[READ:[0-9]+]] = arith.mulf {{.*}} : vector<64xf32>
// CHECK: llvm.store {{.*}}, %[[SCRATCH]] {
// CHECK: %[[TOTAL:[0-9]+]] = scf.for {{.*}} = %c0_i64 to %c64_i64 step %c1_i64 iter_args(%[[PART:[a-z0-9]+]] =
// CHECK: %[[ADDRESS:[0-9]+]] = llvm.getelementptr %[[S]]
// CHECK: %[[STATE:[0-9]+]] = llvm.load %[[ADDRESS]] {{.*}} -> vector<64xf32>
// CHECK: %[[PRODUCT:[0-9]+]] = arith.mulf %[[STATE]], %[[READ]]
// CHECK: %[[DOT:[0-9]+]] = vector.reduction <add>, %[[PRODUCT]]
// CHECK: llvm.store %[[DOT]]
// CHECK: %[[ERASED:[0-9]+]] = vector.broadcast %[[DOT]]
// CHECK: %[[NEXT:[0-9]+]] = math.fma %[[ERASED]], {{[^,]+}}, %[[STATE]]
// CHECK: %[[SUM:[0-9]+]] = arith.addf %[[PART]], %[[NEXT]]
// CHECK: llvm.store %[[NEXT]], %[[ADDRESS]] {
// CHECK: scf.yield %[[SUM]]
// CHECK: %[[DOTS:[0-9]+]] = llvm.load
// CHECK: arith.addf %[[TOTAL]], %[[DOTS]]
// CHECK: llvm.getelementptr %[[OUT]]
// CHECK: llvm.store
// CHECK-NOT: scf.for
// CHECK: llvm.return
func.func private @one_pass(%r: tensor<?x128xf32>, %k: tensor<?x128xf32>, %u: tensor<128xf32, #weight.layout<"f32", panel = 0>>,
                            %s: tensor<2x64x64xf32>) -> (tensor<?x128xf32>, tensor<2x64x64xf32>) {
  %0:2 = kernel.scan groups 2 rows(%r, %k : tensor<?x128xf32>, tensor<?x128xf32>)
      constants(%u : tensor<128xf32, #weight.layout<"f32", panel = 0>>) states(%s : tensor<2x64x64xf32>)
      schedule <backend = "llvm", panel = 16, tile_rows = 1, tile_columns = 16, block = 64> {
  ^bb0(%a: tensor<64xf32>, %b: tensor<64xf32>, %c: tensor<64xf32>, %m: tensor<64x64xf32>):
    %e = arith.mulf %a, %c : tensor<64xf32>
    %1 = kernel.broadcast %e along rows : tensor<64xf32> -> tensor<64x64xf32>
    %2 = kernel.broadcast %b along columns : tensor<64xf32> -> tensor<64x64xf32>
    %3 = arith.mulf %m, %1 : tensor<64x64xf32>
    %4 = kernel.reduce add %3 over columns : tensor<64x64xf32> -> tensor<64xf32>
    %5 = kernel.broadcast %4 along columns : tensor<64xf32> -> tensor<64x64xf32>
    %6 = math.fma %5, %2, %m : tensor<64x64xf32>
    %7 = kernel.reduce add %6 over rows : tensor<64x64xf32> -> tensor<64xf32>
    %8 = arith.addf %7, %4 : tensor<64xf32>
    kernel.yield %8, %6 : tensor<64xf32>, tensor<64x64xf32>
  } -> tensor<?x128xf32>, tensor<2x64x64xf32>
  return %0#0, %0#1 : tensor<?x128xf32>, tensor<2x64x64xf32>
}

// A sum over rows of products is fused multiply-adds.
// CHECK-LABEL: llvm.func internal @read
// CHECK: iter_args(%[[PART:[a-z0-9]+]] =
// CHECK: %[[SUM:[0-9]+]] = math.fma {{[^,]+}}, {{[^,]+}}, %[[PART]]
// CHECK: scf.yield %[[SUM]]
func.func private @read(%r: tensor<?x16xf32>, %s: tensor<2x8x8xf32>) -> (tensor<?x16xf32>, tensor<2x8x8xf32>) {
  %0:2 = kernel.scan groups 2 rows(%r : tensor<?x16xf32>) states(%s : tensor<2x8x8xf32>)
      schedule <backend = "llvm", panel = 16, tile_rows = 1, tile_columns = 16, block = 64> {
  ^bb0(%a: tensor<8xf32>, %m: tensor<8x8xf32>):
    %1 = kernel.broadcast %a along columns : tensor<8xf32> -> tensor<8x8xf32>
    %2 = arith.mulf %m, %1 : tensor<8x8xf32>
    %3 = kernel.reduce add %2 over rows : tensor<8x8xf32> -> tensor<8xf32>
    kernel.yield %3, %m : tensor<8xf32>, tensor<8x8xf32>
  } -> tensor<?x16xf32>, tensor<2x8x8xf32>
  return %0#0, %0#1 : tensor<?x16xf32>, tensor<2x8x8xf32>
}
