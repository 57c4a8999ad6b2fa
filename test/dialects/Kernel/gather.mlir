// RUN: rwkv-opt %s --verify-roundtrip | FileCheck %s
// A gather of stored rows widens them; a schedule is part of the text.

#schedule = #kernel.schedule<backend = "llvm", panel = 64, tile_rows = 6, tile_columns = 64, block = 64>

// CHECK-LABEL: @gather
func.func @gather(%table: tensor<16x64xbf16>, %index: tensor<?xi32>) -> tensor<?x64xf32> {
  // CHECK: kernel.gather %{{[a-z0-9]+}}[%{{[a-z0-9]+}}] : tensor<16x64xbf16>, tensor<?xi32> -> tensor<?x64xf32>
  %0 = kernel.gather %table[%index] : tensor<16x64xbf16>, tensor<?xi32> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// CHECK-LABEL: @gather_scheduled
func.func @gather_scheduled(%x: tensor<?x64xf32>, %index: tensor<?xi32>) -> tensor<?x64xf32> {
  // CHECK: kernel.gather %{{[a-z0-9]+}}[%{{[a-z0-9]+}}] schedule <backend = "llvm", panel = 64, tile_rows = 6, tile_columns = 64, block = 64> : tensor<?x64xf32>
  %0 = kernel.gather %x[%index] schedule #schedule : tensor<?x64xf32>, tensor<?xi32> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}
