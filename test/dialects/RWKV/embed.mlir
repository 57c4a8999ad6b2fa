// RUN: rwkv-opt %s --verify-roundtrip | FileCheck %s
// Looks up rows of a table of any float type; the result is f32 whatever the table is.

// CHECK-LABEL: @embed
func.func @embed(%table: tensor<256x64xbf16>, %tokens: tensor<?xi32>) -> tensor<?x64xf32> {
  // CHECK: rwkv.embed %{{[a-z0-9]+}}[%{{[a-z0-9]+}}] : tensor<256x64xbf16>, tensor<?xi32>
  %0 = rwkv.embed %table[%tokens] : tensor<256x64xbf16>, tensor<?xi32>
  return %0 : tensor<?x64xf32>
}
