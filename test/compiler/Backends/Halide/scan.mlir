// REQUIRES: halide
// RUN: rwkvc-halide %s -o %t.mlir && rwkv-opt %t.mlir -o - | FileCheck %s
// A scan's rows, and the groups around them, are loops around pipelines.

// Without groups: a sum over all channels, four registers of partial sums, then the thread's own channels.
// CHECK-LABEL: llvm.func internal @norm
// CHECK: scf.for
// CHECK: scf.for
// CHECK: arith.addf {{.*}} : vector<64xf32>
// CHECK: vector.reduction <add>, {{.*}} fastmath<reassoc> : vector<64xf32> into f32
// CHECK: arith.divf {{.*}} : f32
// CHECK: scf.for
// CHECK: arith.subf {{.*}} : vector<64xf32>
// CHECK: llvm.store {{.*}} : vector<64xf32>
// CHECK: llvm.return
func.func private @norm(%x: tensor<?x128xf32>) -> tensor<?x128xf32> {
  %0 = kernel.scan groups 1 rows(%x : tensor<?x128xf32>)
      schedule <backend = "halide", panel = 16, tile_rows = 1, tile_columns = 16, block = 64> {
  ^bb0(%row: tensor<128xf32>):
    %sum = kernel.reduce add %row over all : tensor<128xf32> -> f32
    %count = arith.constant 128.0 : f32
    %mean = arith.divf %sum, %count : f32
    %all = kernel.broadcast %mean along all : f32 -> tensor<128xf32>
    %centred = arith.subf %row, %all : tensor<128xf32>
    kernel.yield %centred : tensor<128xf32>
  } -> tensor<?x128xf32>
  return %0 : tensor<?x128xf32>
}

// A state is written where it was read, after both values were computed. Channels that no whole vector holds are the
// owner's of the last unit.
// CHECK-LABEL: llvm.func internal @shift
// CHECK-SAME: %[[X:arg0]]: !llvm.ptr, %[[STATE:arg1]]: !llvm.ptr
// CHECK: %[[BEFORE:[0-9]+]] = llvm.load {{.*}} -> vector<16xf32>
// CHECK: llvm.store %[[BEFORE]]
// CHECK: scf.if
// CHECK: scf.for %{{[a-z0-9]+}} = %c0_i64 to %c4_i64
// CHECK: llvm.load {{.*}} -> f32
func.func private @shift(%x: tensor<?x20xf32>, %s: tensor<20xf32>) -> (tensor<?x20xf32>, tensor<20xf32>) {
  %0:2 = kernel.scan groups 1 rows(%x : tensor<?x20xf32>) states(%s : tensor<20xf32>)
      schedule <backend = "halide", panel = 16, tile_rows = 1, tile_columns = 16, block = 16> {
  ^bb0(%now: tensor<20xf32>, %before: tensor<20xf32>):
    kernel.yield %before, %now : tensor<20xf32>, tensor<20xf32>
  } -> tensor<?x20xf32>, tensor<20xf32>
  return %0#0, %0#1 : tensor<?x20xf32>, tensor<20xf32>
}

// A matrix that is read before it is written: the sum over its rows comes first, products fused, then the next matrix.
// CHECK-LABEL: llvm.func internal @reads_old
// CHECK: math.fma{{.*}} : vector<8xf32>
// CHECK: arith.mulf {{.*}} : vector<8xf32>
// CHECK: llvm.return
func.func private @reads_old(%r: tensor<?x16xf32>, %k: tensor<?x16xf32>, %s: tensor<2x8x8xf32>) -> (tensor<?x16xf32>, tensor<2x8x8xf32>) {
  %0:2 = kernel.scan groups 2 rows(%r, %k : tensor<?x16xf32>, tensor<?x16xf32>) states(%s : tensor<2x8x8xf32>)
      schedule <backend = "halide", panel = 16, tile_rows = 1, tile_columns = 16, block = 64> {
  ^bb0(%a: tensor<8xf32>, %b: tensor<8xf32>, %state: tensor<8x8xf32>):
    %column = kernel.broadcast %a along columns : tensor<8xf32> -> tensor<8x8xf32>
    %product = arith.mulf %state, %column : tensor<8x8xf32>
    %out = kernel.reduce add %product over rows : tensor<8x8xf32> -> tensor<8xf32>
    %row = kernel.broadcast %b along rows : tensor<8xf32> -> tensor<8x8xf32>
    %next = arith.mulf %state, %row : tensor<8x8xf32>
    kernel.yield %out, %next : tensor<8xf32>, tensor<8x8xf32>
  } -> tensor<?x16xf32>, tensor<2x8x8xf32>
  return %0#0, %0#1 : tensor<?x16xf32>, tensor<2x8x8xf32>
}

// One whose new value is summed over columns: that is read where it was written.
// CHECK-LABEL: llvm.func internal @reads_new
// CHECK: scf.for
// CHECK: %[[NEXT:[0-9]+]] = arith.addf {{.*}} : vector<8xf32>
// CHECK: llvm.store %[[NEXT]]
// CHECK: scf.for
// CHECK: vector.reduction <add>, {{.*}} : vector<8xf32> into f32
// CHECK: llvm.return
func.func private @reads_new(%k: tensor<?x16xf32>, %s: tensor<2x8x8xf32>) -> (tensor<?x16xf32>, tensor<2x8x8xf32>) {
  %0:2 = kernel.scan groups 2 rows(%k : tensor<?x16xf32>) states(%s : tensor<2x8x8xf32>)
      schedule <backend = "halide", panel = 16, tile_rows = 1, tile_columns = 16, block = 64> {
  ^bb0(%b: tensor<8xf32>, %state: tensor<8x8xf32>):
    %row = kernel.broadcast %b along rows : tensor<8xf32> -> tensor<8x8xf32>
    %next = arith.addf %state, %row : tensor<8x8xf32>
    %out = kernel.reduce add %next over columns : tensor<8x8xf32> -> tensor<8xf32>
    kernel.yield %out, %next : tensor<8xf32>, tensor<8x8xf32>
  } -> tensor<?x16xf32>, tensor<2x8x8xf32>
  return %0#0, %0#1 : tensor<?x16xf32>, tensor<2x8x8xf32>
}
