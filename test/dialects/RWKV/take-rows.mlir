// RUN: rwkv-opt %s --verify-roundtrip | FileCheck %s
// Keeps listed rows; how many is known only when the list is.

// CHECK-LABEL: @take_rows
func.func @take_rows(%x: tensor<?x64xf32>, %rows: tensor<?xi32>) -> tensor<?x64xf32> {
  // CHECK: rwkv.take_rows %{{[a-z0-9]+}}[%{{[a-z0-9]+}}] : tensor<?x64xf32>, tensor<?xi32>
  %0 = rwkv.take_rows %x[%rows] : tensor<?x64xf32>, tensor<?xi32>
  return %0 : tensor<?x64xf32>
}

// CHECK-LABEL: @take_rows_one
func.func @take_rows_one(%x: tensor<?x64xf32>, %rows: tensor<1xi32>) -> tensor<1x64xf32> {
  // CHECK: rwkv.take_rows %{{[a-z0-9]+}}[%{{[a-z0-9]+}}] : tensor<?x64xf32>, tensor<1xi32>
  %0 = rwkv.take_rows %x[%rows] : tensor<?x64xf32>, tensor<1xi32>
  return %0 : tensor<1x64xf32>
}
