// RUN: rwkv-opt %s --kernel-tile --canonicalize --cse | FileCheck %s
// A gather copies the thread's channels of one table row, widened: vectors, then the channels that fill none.

func.func @forward(%tokens: tensor<?xi32>, %wanted: tensor<?xi32>) attributes {kernel.arena_row_bytes = 0 : i64} {
  return
}

// CHECK-LABEL: llvm.func internal @gather
// CHECK-SAME: %[[T:arg0]]: !llvm.ptr, %[[I:arg1]]: !llvm.ptr, %[[OUT:arg2]]: !llvm.ptr, %[[ROW0:arg3]]: i64, %[[ROW1:arg4]]: i64, %[[UNIT0:arg5]]: i64, %[[UNIT1:arg6]]: i64
// CHECK: scf.for {{.*}} = %[[ROW0]] to %[[ROW1]] step %c1_i64
// A row of the table has 72 channels of two bytes, and the result's of four.
// CHECK: %[[INDEX:[0-9]+]] = arith.extsi {{.*}} : i32 to i64
// CHECK: arith.muli %{{[a-z0-9]+}}, %c288_i64
// CHECK: %[[TARGET:[0-9]+]] = llvm.getelementptr %[[OUT]]
// CHECK: %[[SKIP:[0-9]+]] = arith.muli %[[INDEX]], %c144_i64
// CHECK: %[[SOURCE:[0-9]+]] = llvm.getelementptr %[[T]][%[[SKIP]]]
// CHECK: %[[FROM:[0-9]+]] = arith.muli %[[UNIT0]], %c64_i64
// CHECK: %[[UNITS_END:[0-9]+]] = arith.muli %[[UNIT1]], %c64_i64
// CHECK: %[[TO:[0-9]+]] = arith.minsi %[[UNITS_END]], %c72_i64
// CHECK: %[[VECTORS_TO:[0-9]+]] = arith.minsi %[[TO]], %c64_i64
// CHECK: scf.for {{.*}} = %[[FROM]] to %[[VECTORS_TO]] step %c16_i64
// CHECK: llvm.getelementptr %[[SOURCE]]
// CHECK: arith.extf {{.*}} : vector<16xbf16> to vector<16xf32>
// CHECK: llvm.getelementptr %[[TARGET]]
// CHECK: llvm.store
// CHECK: %[[TAIL:[0-9]+]] = arith.maxsi %[[FROM]], %[[VECTORS_TO]]
// CHECK: scf.for {{.*}} = %[[TAIL]] to %[[TO]] step %c1_i64
// CHECK: arith.extf {{.*}} : bf16 to f32
func.func private @gather(%t: tensor<100x72xbf16, #weight.layout<"bf16", panel = 0>>, %i: tensor<?xi32>) -> tensor<?x72xf32> {
  %0 = kernel.gather %t[%i] schedule <backend = "llvm", panel = 16, tile_rows = 1, tile_columns = 16, block = 64>
      : tensor<100x72xbf16, #weight.layout<"bf16", panel = 0>>, tensor<?xi32> -> tensor<?x72xf32>
  return %0 : tensor<?x72xf32>
}

// Floats are copied as they are.
// CHECK-LABEL: llvm.func internal @rows
// CHECK-NOT: arith.extf
// CHECK: llvm.return
func.func private @rows(%x: tensor<?x64xf32>, %i: tensor<?xi32>) -> tensor<?x64xf32> {
  %0 = kernel.gather %x[%i] schedule <backend = "llvm", panel = 16, tile_rows = 1, tile_columns = 16, block = 64>
      : tensor<?x64xf32>, tensor<?xi32> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// A quantised table lies in panels of 16 rows, of which each load takes one lane: 16 rows of 40 inputs are 3 groups,
// 16 * (4 + 3 * 9) bytes. The last group has 8 inputs.
// CHECK-LABEL: llvm.func internal @quantised
// CHECK: %[[INDEX:[0-9]+]] = arith.extsi {{.*}} : i32 to i64
// CHECK: %[[PANEL:[0-9]+]] = arith.divsi %[[INDEX]], %c16_i64
// CHECK: arith.muli %[[PANEL]], %c496_i64
// CHECK: %[[LANE:[0-9]+]] = arith.remsi %[[INDEX]], %c16_i64
// CHECK: arith.minsi {{.*}}, %c40_i64
// CHECK: arith.minsi {{.*}}, %c32_i64
// CHECK: scf.for {{.*}} step %c16_i64
// CHECK-COUNT-16: llvm.extractelement %{{[0-9]+}}[%[[LANE]] : i64] : vector<16xf32>
// CHECK: scf.for {{.*}} step %c16_i64
// CHECK-COUNT-8: llvm.extractelement %{{[0-9]+}}[%[[LANE]] : i64] : vector<16xf32>
// CHECK-NOT: llvm.extractelement
// CHECK: llvm.return
func.func private @quantised(%t: tensor<100x40xbf16, #weight.layout<"q4", panel = 16>>, %i: tensor<?xi32>) -> tensor<?x40xf32> {
  %0 = kernel.gather %t[%i] schedule <backend = "llvm", panel = 16, tile_rows = 1, tile_columns = 16, block = 64>
      : tensor<100x40xbf16, #weight.layout<"q4", panel = 16>>, tensor<?xi32> -> tensor<?x40xf32>
  return %0 : tensor<?x40xf32>
}
