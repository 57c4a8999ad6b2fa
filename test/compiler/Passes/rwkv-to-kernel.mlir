// RUN: rwkv-opt %s --rwkv-to-kernel | FileCheck %s
// Every op of a model becomes one kernel, and a recurrence becomes a scan of its operands in their order.

// CHECK-LABEL: @embed
func.func @embed(%table: tensor<16x64xbf16>, %tokens: tensor<?xi32>) -> tensor<?x64xf32> {
  // CHECK: kernel.gather %arg0[%arg1] : tensor<16x64xbf16>, tensor<?xi32> -> tensor<?x64xf32>
  %0 = rwkv.embed %table[%tokens] : tensor<16x64xbf16>, tensor<?xi32>
  return %0 : tensor<?x64xf32>
}

// CHECK-LABEL: @take_rows
func.func @take_rows(%x: tensor<?x64xf32>, %wanted: tensor<?xi32>) -> tensor<?x64xf32> {
  // CHECK: kernel.gather %arg0[%arg1] : tensor<?x64xf32>, tensor<?xi32> -> tensor<?x64xf32>
  %0 = rwkv.take_rows %x[%wanted] : tensor<?x64xf32>, tensor<?xi32>
  return %0 : tensor<?x64xf32>
}

// CHECK-LABEL: @linear
func.func @linear(%x: tensor<?x64xf32>, %w: tensor<32x64xf16>) -> tensor<?x32xf32> {
  // CHECK: kernel.gemm %arg0, %arg1 {
  // CHECK-NEXT: ^bb0(%[[ACC:[a-z0-9]+]]: f32):
  // CHECK-NEXT: kernel.yield %[[ACC]] : f32
  %0 = rwkv.linear %x, %w : tensor<?x64xf32>, tensor<32x64xf16>
  return %0 : tensor<?x32xf32>
}

// CHECK-LABEL: @linear_with_bias
func.func @linear_with_bias(%x: tensor<?x64xf32>, %w: tensor<32x64xf16>, %b: tensor<32xf16>) -> tensor<?x32xf32> {
  // CHECK: kernel.gemm %arg0, %arg1 constants(%arg2 : tensor<32xf16>) {
  // CHECK-NEXT: ^bb0(%[[ACC:[a-z0-9]+]]: f32, %[[BIAS:[a-z0-9]+]]: f32):
  // CHECK-NEXT: %[[SUM:[a-z0-9]+]] = arith.addf %[[ACC]], %[[BIAS]] : f32
  // CHECK-NEXT: kernel.yield %[[SUM]] : f32
  %0 = rwkv.linear %x, %w bias %b : tensor<?x64xf32>, tensor<32x64xf16>, tensor<32xf16>
  return %0 : tensor<?x32xf32>
}

// CHECK-LABEL: @elementwise
func.func @elementwise(%x: tensor<?x64xf32>, %y: tensor<?x64xf32>) -> tensor<?x64xf32> {
  // CHECK: kernel.scan groups 1 rows(%arg0, %arg1 : tensor<?x64xf32>, tensor<?x64xf32>) {
  // CHECK-NEXT: ^bb0(%[[A:[a-z0-9]+]]: tensor<64xf32>, %[[B:[a-z0-9]+]]: tensor<64xf32>):
  // CHECK-NEXT: %[[P:[a-z0-9]+]] = arith.mulf %[[A]], %[[B]] : tensor<64xf32>
  // CHECK-NEXT: kernel.yield %[[P]] : tensor<64xf32>
  %0 = arith.mulf %x, %y : tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// CHECK-LABEL: @norm
func.func @norm(%x: tensor<?x64xf32>, %w: tensor<64xbf16>, %b: tensor<64xf16>) -> tensor<?x64xf32> {
  // CHECK: kernel.scan groups 1 rows(%arg0 : tensor<?x64xf32>) constants(%arg1, %arg2 : tensor<64xbf16>, tensor<64xf16>) {
  // CHECK: kernel.reduce add
  %0 = rwkv.layer_norm %x, %w, %b {eps = 1.0e-5} : tensor<?x64xf32>, tensor<64xbf16>, tensor<64xf16>
  return %0 : tensor<?x64xf32>
}

// CHECK-LABEL: @mix_of_every_row
func.func @mix_of_every_row(%x: tensor<?x64xf32>, %y: tensor<?x64xf32>, %m: tensor<?x64xf32>) -> tensor<?x64xf32> {
  // CHECK: kernel.scan groups 1 rows(%arg0, %arg1, %arg2 : tensor<?x64xf32>, tensor<?x64xf32>, tensor<?x64xf32>) {
  %0 = rwkv.lerp %x, %y by %m : tensor<?x64xf32>, tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// CHECK-LABEL: @token_shift
func.func @token_shift(%x: tensor<?x64xf32>, %s: tensor<64xf32>) -> (tensor<?x64xf32>, tensor<64xf32>) {
  // CHECK: kernel.scan groups 1 rows(%arg0 : tensor<?x64xf32>) states(%arg1 : tensor<64xf32>) {
  // CHECK-NEXT: ^bb0(%[[ROW:[a-z0-9]+]]: tensor<64xf32>, %[[BEFORE:[a-z0-9]+]]: tensor<64xf32>):
  // CHECK-NEXT: kernel.yield %[[BEFORE]], %[[ROW]] : tensor<64xf32>, tensor<64xf32>
  %0:2 = rwkv.token_shift %x from %s : tensor<?x64xf32>, tensor<64xf32>
  return %0#0, %0#1 : tensor<?x64xf32>, tensor<64xf32>
}

// Rows, constants and states come in this order, each in the order of the op, over as many groups as there are heads.
// CHECK-LABEL: @recurrence
func.func @recurrence(%r: tensor<?x64xf32>, %k: tensor<?x64xf32>, %v: tensor<?x64xf32>, %w: tensor<64xf32>,
                      %u: tensor<64xbf16>, %s: tensor<4x16x16xf32>) -> (tensor<?x64xf32>, tensor<4x16x16xf32>) {
  // CHECK: %[[OUT:[a-z0-9]+]]:2 = kernel.scan groups 4
  // CHECK-SAME: rows(%arg0, %arg1, %arg2 :
  // CHECK-SAME: constants(%arg3, %arg4 : tensor<64xf32>, tensor<64xbf16>)
  // CHECK-SAME: states(%arg5 : tensor<4x16x16xf32>)
  // CHECK-NEXT: ^bb0(%{{[a-z0-9]+}}: tensor<16xf32>, %{{[a-z0-9]+}}: tensor<16xf32>, %{{[a-z0-9]+}}: tensor<16xf32>, %{{[a-z0-9]+}}: tensor<16xf32>, %{{[a-z0-9]+}}: tensor<16xf32>, %{{[a-z0-9]+}}: tensor<16x16xf32>):
  // CHECK: } -> tensor<?x64xf32>, tensor<4x16x16xf32>
  // CHECK: return %[[OUT]]#0, %[[OUT]]#1
  %0:2 = rwkv.wkv5 %r, %k, %v decay %w bonus %u state %s : tensor<?x64xf32>, tensor<64xf32>, tensor<64xbf16>, tensor<4x16x16xf32>
  return %0#0, %0#1 : tensor<?x64xf32>, tensor<4x16x16xf32>
}

// CHECK-LABEL: @recurrence_of_vectors
func.func @recurrence_of_vectors(%k: tensor<?x64xf32>, %v: tensor<?x64xf32>, %w: tensor<64xf32>, %u: tensor<64xf32>,
                                 %aa: tensor<64xf32>, %bb: tensor<64xf32>, %pp: tensor<64xf32>) -> tensor<?x64xf32> {
  // CHECK: kernel.scan groups 1
  // CHECK-SAME: states(%arg4, %arg5, %arg6 : tensor<64xf32>, tensor<64xf32>, tensor<64xf32>)
  %0:4 = rwkv.wkv4 %k, %v decay %w bonus %u states %aa, %bb, %pp : tensor<?x64xf32>, tensor<64xf32>, tensor<64xf32>, tensor<64xf32>
  return %0#0 : tensor<?x64xf32>
}
