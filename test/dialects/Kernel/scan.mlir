// RUN: rwkv-opt %s --verify-roundtrip | FileCheck %s
// A map of rows, and a recurrence with a vector and a matrix as states.

// CHECK-LABEL: @scan_map
func.func @scan_map(%x: tensor<?x64xf32>, %c: tensor<64xbf16>) -> tensor<?x64xf32> {
  // CHECK: kernel.scan groups 1 rows(%{{[a-z0-9]+}} : tensor<?x64xf32>) constants(%{{[a-z0-9]+}} : tensor<64xbf16>) {
  // CHECK: } -> tensor<?x64xf32>
  %0 = kernel.scan groups 1 rows(%x : tensor<?x64xf32>) constants(%c : tensor<64xbf16>) {
  ^bb0(%row: tensor<64xf32>, %by: tensor<64xf32>):
    %scaled = arith.mulf %row, %by : tensor<64xf32>
    kernel.yield %scaled : tensor<64xf32>
  } -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// CHECK-LABEL: @scan_states
func.func @scan_states(%x: tensor<?x64xf32>, %v: tensor<64xf32>, %m: tensor<2x32x32xf32>)
    -> (tensor<?x64xf32>, tensor<64xf32>, tensor<2x32x32xf32>) {
  // CHECK: kernel.scan groups 2 rows(%{{[a-z0-9]+}} : tensor<?x64xf32>) states(%{{[a-z0-9]+}}, %{{[a-z0-9]+}} : tensor<64xf32>, tensor<2x32x32xf32>) {
  // CHECK: kernel.broadcast %{{[a-z0-9]+}} along rows : tensor<32xf32> -> tensor<32x32xf32>
  // CHECK: kernel.reduce add %{{[a-z0-9]+}} over columns : tensor<32x32xf32> -> tensor<32xf32>
  // CHECK: } -> tensor<?x64xf32>, tensor<64xf32>, tensor<2x32x32xf32>
  %0:3 = kernel.scan groups 2 rows(%x : tensor<?x64xf32>)
      states(%v, %m : tensor<64xf32>, tensor<2x32x32xf32>) {
  ^bb0(%row: tensor<32xf32>, %vector: tensor<32xf32>, %matrix: tensor<32x32xf32>):
    %wide = kernel.broadcast %row along rows : tensor<32xf32> -> tensor<32x32xf32>
    %next = arith.mulf %matrix, %wide : tensor<32x32xf32>
    %out = kernel.reduce add %next over columns : tensor<32x32xf32> -> tensor<32xf32>
    kernel.yield %out, %vector, %next : tensor<32xf32>, tensor<32xf32>, tensor<32x32xf32>
  } -> tensor<?x64xf32>, tensor<64xf32>, tensor<2x32x32xf32>
  return %0#0, %0#1, %0#2 : tensor<?x64xf32>, tensor<64xf32>, tensor<2x32x32xf32>
}
