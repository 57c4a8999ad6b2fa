// RUN: rwkv-opt %s --rwkv-to-kernel --kernel-fuse-epilogue --split-input-file | FileCheck %s
// Element-wise work on a product moves into the gemm, as arithmetic on one number.

// CHECK-LABEL: @activation
// CHECK: %[[G:[a-z0-9]+]] = kernel.gemm %arg0, %arg1 constants(%arg2 : tensor<32xbf16>) {
// CHECK-NEXT: ^bb0(%[[ACC:[a-z0-9]+]]: f32, %[[B:[a-z0-9]+]]: f32):
// CHECK-NEXT: %[[SUM:[a-z0-9]+]] = arith.addf %[[ACC]], %[[B]] : f32
// CHECK-NEXT: %[[ZERO:[a-z0-9_]+]] = arith.constant 0.000000e+00 : f32
// CHECK-NEXT: %[[RELU:[a-z0-9]+]] = arith.maximumf %[[SUM]], %[[ZERO]] : f32
// CHECK-NEXT: %[[SQUARE:[a-z0-9]+]] = arith.mulf %[[RELU]], %[[RELU]] : f32
// CHECK-NEXT: kernel.yield %[[SQUARE]] : f32
// CHECK-NOT: kernel.scan
// CHECK: return %[[G]]
func.func @activation(%x: tensor<?x64xf32>, %w: tensor<32x64xbf16>, %b: tensor<32xbf16>) -> tensor<?x32xf32> {
  %0 = rwkv.linear %x, %w bias %b : tensor<?x64xf32>, tensor<32x64xbf16>, tensor<32xbf16>
  %1 = rwkv.activate relu_squared %0 : tensor<?x32xf32>
  return %1 : tensor<?x32xf32>
}

// -----

// A gate and a residual sum, one after the other; the row that is read twice is an operand once.
// CHECK-LABEL: @gate_and_residual
// CHECK: %[[G:[a-z0-9]+]] = kernel.gemm %arg0, %arg1 rows(%arg2, %arg0 : tensor<?x64xf32>, tensor<?x64xf32>) {
// CHECK-NEXT: ^bb0(%[[ACC:[a-z0-9]+]]: f32, %[[GATE:[a-z0-9]+]]: f32, %[[OLD:[a-z0-9]+]]: f32):
// CHECK-NEXT: %[[GATED:[a-z0-9]+]] = arith.mulf %[[GATE]], %[[ACC]] : f32
// CHECK-NEXT: %[[NEW:[a-z0-9]+]] = arith.addf %[[OLD]], %[[GATED]] : f32
// CHECK-NEXT: %[[TWICE:[a-z0-9]+]] = arith.addf %[[OLD]], %[[NEW]] : f32
// CHECK-NEXT: kernel.yield %[[TWICE]] : f32
// CHECK-NOT: kernel.scan
func.func @gate_and_residual(%x: tensor<?x64xf32>, %w: tensor<64x64xbf16>, %gate: tensor<?x64xf32>) -> tensor<?x64xf32> {
  %0 = rwkv.linear %x, %w : tensor<?x64xf32>, tensor<64x64xbf16>
  %1 = arith.mulf %gate, %0 : tensor<?x64xf32>
  %2 = arith.addf %x, %1 : tensor<?x64xf32>
  %3 = arith.addf %x, %2 : tensor<?x64xf32>
  return %3 : tensor<?x64xf32>
}

// -----

// The product that is ready last takes the work, though it stands first: the other one would have to wait for it.
// CHECK-LABEL: @of_two_products_the_later
// CHECK: %[[K:[a-z0-9]+]] = kernel.gemm %arg0, %arg1 {
// CHECK: %[[R:[a-z0-9]+]] = kernel.gemm %arg0, %arg1 {
// CHECK: math.exp
// CHECK: %[[V:[a-z0-9]+]] = kernel.gemm %[[K]], %arg1 rows(%[[R]] : tensor<?x64xf32>) {
// CHECK: arith.mulf
// CHECK-NOT: kernel.scan
// CHECK: return %[[V]]
func.func @of_two_products_the_later(%x: tensor<?x64xf32>, %w: tensor<64x64xbf16>) -> tensor<?x64xf32> {
  %k = rwkv.linear %x, %w : tensor<?x64xf32>, tensor<64x64xbf16>
  %v = rwkv.linear %k, %w : tensor<?x64xf32>, tensor<64x64xbf16>
  %r = rwkv.linear %x, %w : tensor<?x64xf32>, tensor<64x64xbf16>
  %gate = rwkv.activate exp %r : tensor<?x64xf32>
  %y = arith.mulf %gate, %v : tensor<?x64xf32>
  return %y : tensor<?x64xf32>
}

// -----

// CHECK-LABEL: @refuses_second_user
// CHECK: %[[G:[a-z0-9]+]] = kernel.gemm
// CHECK: kernel.scan groups 1 rows(%[[G]] :
func.func @refuses_second_user(%x: tensor<?x64xf32>, %w: tensor<32x64xbf16>) -> (tensor<?x32xf32>, tensor<?x32xf32>) {
  %0 = rwkv.linear %x, %w : tensor<?x64xf32>, tensor<32x64xbf16>
  %1 = rwkv.activate tanh %0 : tensor<?x32xf32>
  return %0, %1 : tensor<?x32xf32>, tensor<?x32xf32>
}

// -----

// A tile of outputs does not hold a whole group.
// CHECK-LABEL: @refuses_a_norm
// CHECK: %[[G:[a-z0-9]+]] = kernel.gemm
// CHECK: kernel.scan groups 2 rows(%[[G]] :
func.func @refuses_a_norm(%x: tensor<?x64xf32>, %w: tensor<32x64xbf16>) -> tensor<?x32xf32> {
  %0 = rwkv.linear %x, %w : tensor<?x64xf32>, tensor<32x64xbf16>
  %1 = rwkv.l2_normalize %0 {groups = 2} : tensor<?x32xf32>
  return %1 : tensor<?x32xf32>
}

// -----

// CHECK-LABEL: @refuses_a_state
// CHECK: %[[G:[a-z0-9]+]] = kernel.gemm
// CHECK: kernel.scan groups 1 rows(%[[G]] : tensor<?x32xf32>) states(
func.func @refuses_a_state(%x: tensor<?x64xf32>, %w: tensor<32x64xbf16>, %s: tensor<32xf32>) -> (tensor<?x32xf32>, tensor<32xf32>) {
  %0 = rwkv.linear %x, %w : tensor<?x64xf32>, tensor<32x64xbf16>
  %before, %last = rwkv.token_shift %0 from %s : tensor<?x32xf32>, tensor<32xf32>
  return %before, %last : tensor<?x32xf32>, tensor<32xf32>
}

// -----

// The other factor is computed from the product.
// CHECK-LABEL: @refuses_a_row_from_the_product
// CHECK: %[[G:[a-z0-9]+]] = kernel.gemm %arg0
// CHECK: %[[H:[a-z0-9]+]] = kernel.gather %[[G]]
// CHECK: kernel.scan groups 1 rows(%[[G]], %[[H]] :
func.func @refuses_a_row_from_the_product(%x: tensor<?x64xf32>, %w: tensor<64x64xbf16>, %i: tensor<?xi32>) -> tensor<?x64xf32> {
  %0 = rwkv.linear %x, %w : tensor<?x64xf32>, tensor<64x64xbf16>
  %1 = rwkv.take_rows %0[%i] : tensor<?x64xf32>, tensor<?xi32>
  %2 = arith.mulf %0, %1 : tensor<?x64xf32>
  return %2 : tensor<?x64xf32>
}

// -----

// A schedule speaks of one kernel; merging two would lose it.
// CHECK-LABEL: @refuses_a_scheduled_kernel
// CHECK: %[[G:[a-z0-9]+]] = kernel.gemm
// CHECK: kernel.scan groups 1 rows(%[[G]] :
func.func @refuses_a_scheduled_kernel(%x: tensor<?x64xf32>, %w: tensor<64x64xbf16>) -> tensor<?x64xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "llvm", panel = 64, tile_rows = 6, tile_columns = 64, block = 64> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<64x64xbf16> -> tensor<?x64xf32>
  %1 = rwkv.activate tanh %0 : tensor<?x64xf32>
  return %1 : tensor<?x64xf32>
}
