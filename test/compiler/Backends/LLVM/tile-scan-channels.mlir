// RUN: rwkv-opt %s --kernel-tile --canonicalize --cse | FileCheck %s
// A scan over whole rows: a loop over all channels for each reduction, then one over the thread's own for the outputs.

func.func @forward(%tokens: tensor<?xi32>, %wanted: tensor<?xi32>) attributes {kernel.arena_row_bytes = 0 : i64} {
  return
}

// 132 channels are two chunks of 64 and a tail of 4, which is left to the owner of the last of 3 units.
// CHECK-LABEL: llvm.func internal @norm
// CHECK-SAME: %[[X:arg0]]: !llvm.ptr, %[[W:arg1]]: !llvm.ptr, %[[S:arg2]]: !llvm.ptr, %[[OUT:arg3]]: !llvm.ptr, %[[ROW0:arg4]]: i64, %[[ROW1:arg5]]: i64, %[[UNIT0:arg6]]: i64, %[[UNIT1:arg7]]: i64
// CHECK: scf.for {{.*}} = %[[ROW0]] to %[[ROW1]] step %c1_i64
// CHECK: scf.for {{.*}} = %c0_i64 to %c128_i64 step %c64_i64 iter_args
// CHECK-NOT: llvm.store
// CHECK: %[[WHOLE:[0-9]+]] = vector.reduction <add>, {{.*}} : vector<64xf32> into f32
// Lanes outside of the row add nothing, also if the body makes something of their zeros.
// CHECK: llvm.intr.masked.load
// CHECK: %[[INSIDE:[0-9]+]] = vector.shuffle {{.*}} [0, 1, 2, 3, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16]
// CHECK: %[[TAIL:[0-9]+]] = vector.reduction <add>, %[[INSIDE]]
// CHECK: %[[SUM:[0-9]+]] = arith.addf %[[WHOLE]], %[[TAIL]] : f32
// CHECK: arith.mulf %[[SUM]], %{{[a-z0-9_]+}} : f32
// CHECK: %[[FROM:[0-9]+]] = arith.muli %[[UNIT0]], %c64_i64
// CHECK: %[[END:[0-9]+]] = arith.muli %[[UNIT1]], %c64_i64
// CHECK: %[[TO:[0-9]+]] = arith.minsi %[[END]], %c128_i64
// CHECK: scf.for {{.*}} = %[[FROM]] to %[[TO]] step %c64_i64
// CHECK: %[[STATE:[0-9]+]] = llvm.getelementptr %[[S]]
// CHECK-NEXT: llvm.load %[[STATE]]
// CHECK: %[[ROWS:[0-9]+]] = llvm.getelementptr %[[OUT]]
// CHECK: %[[ROW:[0-9]+]] = llvm.getelementptr %[[ROWS]]
// CHECK: llvm.store {{.*}}, %[[ROW]] {
// CHECK: llvm.store {{.*}}, %[[STATE]] {
// CHECK: %[[OWNED:[0-9]+]] = arith.cmpi eq, %[[UNIT1]], %c3_i64
// CHECK-NEXT: scf.if %[[OWNED]] {
// CHECK-COUNT-2: llvm.intr.masked.store
// CHECK-NOT: store
// CHECK: llvm.return
func.func private @norm(%x: tensor<?x132xf32>, %w: tensor<132xf32, #weight.layout<"f32", panel = 0>>,
                        %s: tensor<132xf32>) -> (tensor<?x132xf32>, tensor<132xf32>) {
  %0:2 = kernel.scan groups 1 rows(%x : tensor<?x132xf32>)
      constants(%w : tensor<132xf32, #weight.layout<"f32", panel = 0>>) states(%s : tensor<132xf32>)
      schedule <backend = "llvm", panel = 16, tile_rows = 1, tile_columns = 16, block = 64> {
  ^bb0(%now: tensor<132xf32>, %c: tensor<132xf32>, %before: tensor<132xf32>):
    %e = math.absf %now : tensor<132xf32>
    %sum = kernel.reduce add %e over all : tensor<132xf32> -> f32
    %n = arith.constant 0.00757 : f32
    %mean = arith.mulf %sum, %n : f32
    %m = kernel.broadcast %mean along all : f32 -> tensor<132xf32>
    %d = arith.subf %now, %m : tensor<132xf32>
    %y = arith.mulf %d, %c : tensor<132xf32>
    %z = arith.addf %y, %before : tensor<132xf32>
    kernel.yield %z, %d : tensor<132xf32>, tensor<132xf32>
  } -> tensor<?x132xf32>, tensor<132xf32>
  return %0#0, %0#1 : tensor<?x132xf32>, tensor<132xf32>
}

// A maximum starts from -infinity.
// CHECK-LABEL: llvm.func internal @largest
// CHECK: %[[LEAST:[a-z0-9_]+]] = arith.constant dense<0xFF800000> : vector<64xf32>
// CHECK: iter_args({{[^=]+}} = %[[LEAST]])
// CHECK: arith.maximumf {{.*}} : vector<64xf32>
// CHECK: vector.reduction <maximumf>
func.func private @largest(%x: tensor<?x128xf32>) -> tensor<?x128xf32> {
  %0 = kernel.scan groups 1 rows(%x : tensor<?x128xf32>)
      schedule <backend = "llvm", panel = 16, tile_rows = 1, tile_columns = 16, block = 64> {
  ^bb0(%a: tensor<128xf32>):
    %max = kernel.reduce max %a over all : tensor<128xf32> -> f32
    %m = kernel.broadcast %max along all : f32 -> tensor<128xf32>
    kernel.yield %m : tensor<128xf32>
  } -> tensor<?x128xf32>
  return %0 : tensor<?x128xf32>
}
