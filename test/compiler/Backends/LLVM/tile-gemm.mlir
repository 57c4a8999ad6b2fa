// RUN: rwkv-opt %s --kernel-tile --canonicalize --cse | FileCheck %s
// A gemm sums in registers: full tiles of rows, then ever smaller ones; the epilogue and the only stores come after.

func.func @forward(%tokens: tensor<?xi32>, %wanted: tensor<?xi32>) attributes {kernel.arena_row_bytes = 0 : i64} {
  return
}

// Seven rows would be tiles of 3, 3 and 1. Panels are the units of work; a step of inputs is 32 floats of a panel.
// CHECK-LABEL: llvm.func internal @tiles
// CHECK-SAME: %[[X:arg0]]: !llvm.ptr, %[[W:arg1]]: !llvm.ptr, %[[OUT:arg2]]: !llvm.ptr, %[[ROW0:arg3]]: i64, %[[ROW1:arg4]]: i64, %[[UNIT0:arg5]]: i64
// CHECK: %[[PANEL_BYTES:[a-z0-9_]+]] = arith.constant 1024 : i64
// CHECK: scf.for %[[UNIT:[a-z0-9]+]] = %[[UNIT0]] to
// CHECK: %[[OFFSET:[0-9]+]] = arith.muli %[[UNIT]], %[[PANEL_BYTES]]
// CHECK: %[[PANEL:[0-9]+]] = llvm.getelementptr %[[W]][%[[OFFSET]]]
// CHECK: scf.for %{{[a-z0-9]+}} = %[[ROW0]] to %[[END3:[0-9]+]] step %c3_i64
// CHECK: scf.for {{.*}} = %c0_i64 to %c8_i64 step %c1_i64 iter_args
// CHECK-NOT: llvm.store
// CHECK-COUNT-6: math.fma {{.*}} : vector<16xf32>
// CHECK-NOT: math.fma
// CHECK: scf.yield
// CHECK-COUNT-6: llvm.store {{.*}} : vector<16xf32>
// CHECK-NOT: llvm.store
// CHECK: scf.for %{{[a-z0-9]+}} = %[[END3]] to %[[END2:[0-9]+]] step %c2_i64
// CHECK-COUNT-4: math.fma {{.*}} : vector<16xf32>
// CHECK-NOT: math.fma
// CHECK: scf.yield
// CHECK-COUNT-4: llvm.store {{.*}} : vector<16xf32>
// CHECK-NOT: llvm.store
// CHECK: scf.for %{{[a-z0-9]+}} = %[[END2]] to %[[ROW1]] step %c1_i64
// CHECK-COUNT-2: math.fma {{.*}} : vector<16xf32>
// CHECK-NOT: math.fma
// CHECK: scf.yield
// CHECK-COUNT-2: llvm.store {{.*}} : vector<16xf32>
// CHECK-NOT: llvm.store
// CHECK: llvm.return
func.func private @tiles(%x: tensor<?x8xf32>, %w: tensor<32x8xf32, #weight.layout<"f32", panel = 32>>) -> tensor<?x32xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "llvm", panel = 32, tile_rows = 3, tile_columns = 32, block = 64> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x8xf32>, tensor<32x8xf32, #weight.layout<"f32", panel = 32>> -> tensor<?x32xf32>
  return %0 : tensor<?x32xf32>
}

// Of 12 outputs in a panel of 16, the owner of the last unit reads and writes 12. Of the last pair of 5 inputs, only
// the first is read.
// CHECK-LABEL: llvm.func internal @tail
// CHECK: %[[MASK:[a-z0-9_]+]] = arith.constant dense<[true, true, true, true, true, true, true, true, true, true, true, true, false, false, false, false]>
// CHECK: arith.cmpi sgt
// CHECK-NEXT: scf.if
// CHECK: scf.for {{.*}} = %c0_i64 to %c2_i64 step %c1_i64 iter_args
// CHECK: llvm.load {{.*}} -> vector<32xbf16>
// CHECK-COUNT-2: llvm.load {{.*}} -> f32
// CHECK: scf.yield
// CHECK: llvm.load {{.*}} -> vector<32xbf16>
// CHECK-COUNT-1: llvm.load {{.*}} -> f32
// CHECK-NOT: llvm.load
// CHECK: %[[SUM:[0-9]+]] = math.fma
// CHECK-NOT: math.fma
// CHECK: %[[OLD:[0-9]+]] = llvm.intr.masked.load {{[^,]+}}, %[[MASK]],
// CHECK: %[[BIAS:[0-9]+]] = llvm.intr.masked.load {{[^,]+}}, %[[MASK]],
// CHECK: %[[PRODUCT:[0-9]+]] = arith.mulf %[[SUM]], %[[OLD]]
// CHECK: %[[RESULT:[0-9]+]] = arith.addf %[[PRODUCT]], %[[BIAS]]
// CHECK: llvm.intr.masked.store %[[RESULT]], {{[^,]+}}, %[[MASK]]
func.func private @tail(%x: tensor<?x5xf32>, %w: tensor<12x5xbf16, #weight.layout<"bf16", panel = 16>>, %old: tensor<?x12xf32>,
                        %bias: tensor<12xf32, #weight.layout<"f32", panel = 0>>) -> tensor<?x12xf32> {
  %0 = kernel.gemm %x, %w rows(%old : tensor<?x12xf32>) constants(%bias : tensor<12xf32, #weight.layout<"f32", panel = 0>>)
      schedule <backend = "llvm", panel = 16, tile_rows = 1, tile_columns = 16, block = 64> {
  ^bb0(%acc: f32, %a: f32, %b: f32):
    %1 = arith.mulf %acc, %a : f32
    %2 = arith.addf %1, %b : f32
    kernel.yield %2 : f32
  } : tensor<?x5xf32>, tensor<12x5xbf16, #weight.layout<"bf16", panel = 16>> -> tensor<?x12xf32>
  return %0 : tensor<?x12xf32>
}
