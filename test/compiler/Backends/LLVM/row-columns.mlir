// RUN: rwkv-opt %s --kernel-tile --canonicalize --cse | FileCheck %s
// A single row takes its own number of columns at once; more rows take the tile's.

func.func @forward(%tokens: tensor<?xi32>, %wanted: tensor<?xi32>) attributes {kernel.arena_row_bytes = 0 : i64} {
  return
}

// CHECK-LABEL: llvm.func internal @one_row
// CHECK-SAME: %[[ROW0:arg3]]: i64, %[[ROW1:arg4]]: i64
// CHECK: %[[COUNT:[0-9]+]] = arith.subi %[[ROW1]], %[[ROW0]]
// CHECK: %[[ONE:[0-9]+]] = arith.cmpi eq, %[[COUNT]], %c1_i64
// CHECK: scf.if %[[ONE]] {
// CHECK: scf.for
// CHECK-COUNT-2: math.fma {{.*}} : vector<16xf32>
// CHECK-NOT: math.fma
// CHECK: scf.yield
// CHECK: %[[MANY:[0-9]+]] = arith.cmpi sgt, %[[COUNT]], %c1_i64
// CHECK: scf.if %[[MANY]] {
// CHECK: iter_args
// CHECK-COUNT-3: math.fma {{.*}} : vector<16xf32>
// CHECK-NOT: math.fma
// CHECK: scf.yield
func.func private @one_row(%x: tensor<?x8xf32>, %w: tensor<32x8xf32, #weight.layout<"f32", panel = 32>>) -> tensor<?x32xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "llvm", panel = 32, tile_rows = 3, tile_columns = 16, block = 64, row_columns = 32> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x8xf32>, tensor<32x8xf32, #weight.layout<"f32", panel = 32>> -> tensor<?x32xf32>
  return %0 : tensor<?x32xf32>
}
