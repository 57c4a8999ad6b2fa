// RUN: rwkv-opt %s --kernel-form-parallel | FileCheck %s
// A kernel is in the earliest region that it can be in; weights come first; the order of the program stays.

// CHECK-LABEL: @forward
func.func @forward(%t: tensor<16x64xf32>, %tokens: tensor<?xi32>) -> (tensor<?x64xf32>, tensor<?x64xf32>) {
  // CHECK: %[[W:[a-z0-9]+]] = weight.tensor "w"
  // CHECK-NEXT: %[[X:[a-z0-9]+]] = kernel.parallel {
  // CHECK-NEXT: kernel.gather %arg0[%arg1]
  // CHECK-NEXT: kernel.yield
  // CHECK: %[[P:[a-z0-9]+]]:2 = kernel.parallel {
  // CHECK-NEXT: %[[G:[a-z0-9]+]] = kernel.gemm %[[X]], %[[W]]
  // CHECK: %[[S:[a-z0-9]+]] = kernel.scan groups 1 rows(%[[X]]
  // CHECK: kernel.yield %[[G]], %[[S]] : tensor<?x64xf32>, tensor<?x64xf32>
  // CHECK: %[[Y:[a-z0-9]+]] = kernel.parallel {
  // CHECK-NEXT: kernel.scan groups 1 rows(%[[P]]#0
  // CHECK: return %[[Y]], %[[P]]#1
  %x = kernel.gather %t[%tokens] : tensor<16x64xf32>, tensor<?xi32> -> tensor<?x64xf32>
  %w = weight.tensor "w" : tensor<64x64xbf16>
  %g = kernel.gemm %x, %w {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<64x64xbf16> -> tensor<?x64xf32>
  %y = kernel.scan groups 1 rows(%g : tensor<?x64xf32>) {
  ^bb0(%a: tensor<64xf32>):
    kernel.yield %a : tensor<64xf32>
  } -> tensor<?x64xf32>
  %s = kernel.scan groups 1 rows(%x : tensor<?x64xf32>) {
  ^bb0(%a: tensor<64xf32>):
    %b = arith.negf %a : tensor<64xf32>
    kernel.yield %b : tensor<64xf32>
  } -> tensor<?x64xf32>
  return %y, %s : tensor<?x64xf32>, tensor<?x64xf32>
}

// A private function holds one kernel, which others call.
// CHECK-LABEL: @private_function
func.func private @private_function(%t: tensor<16x64xf32>, %tokens: tensor<?xi32>) -> tensor<?x64xf32> {
  // CHECK-NOT: kernel.parallel
  %x = kernel.gather %t[%tokens] : tensor<16x64xf32>, tensor<?xi32> -> tensor<?x64xf32>
  return %x : tensor<?x64xf32>
}

// Rows are quantised in the region that makes them, if threads share both by the same columns.
// CHECK-LABEL: @quantised
func.func @quantised(%t: tensor<16x64xf32>, %tokens: tensor<?xi32>) -> (tensor<?x64xi8, #kernel.groups<size = 16, bits = 8, order = bytes>>, tensor<?x64xi8, #kernel.groups<size = 16, bits = 8, order = bytes>>) {
  // CHECK: %[[A:[a-z0-9]+]]:2 = kernel.parallel {
  // CHECK-NEXT: %[[X:[a-z0-9]+]] = kernel.gather
  // CHECK-NEXT: %[[Q:[a-z0-9]+]] = kernel.quantize %[[X]] schedule {{.*}} block = 64>
  // CHECK-NEXT: kernel.yield %[[X]], %[[Q]]
  // CHECK: %[[B:[a-z0-9]+]] = kernel.parallel {
  // CHECK-NEXT: kernel.quantize %[[A]]#0 schedule {{.*}} block = 32>
  // CHECK: return %[[A]]#1, %[[B]]
  %x = kernel.gather %t[%tokens] schedule <backend = "llvm", panel = 16, tile_rows = 1, tile_columns = 16, block = 64> : tensor<16x64xf32>, tensor<?xi32> -> tensor<?x64xf32>
  %q = kernel.quantize %x schedule <backend = "llvm", panel = 16, tile_rows = 1, tile_columns = 16, block = 64> : tensor<?x64xf32> -> tensor<?x64xi8, #kernel.groups<size = 16, bits = 8, order = bytes>>
  %r = kernel.quantize %x schedule <backend = "llvm", panel = 16, tile_rows = 1, tile_columns = 16, block = 32> : tensor<?x64xf32> -> tensor<?x64xi8, #kernel.groups<size = 16, bits = 8, order = bytes>>
  return %q, %r : tensor<?x64xi8, #kernel.groups<size = 16, bits = 8, order = bytes>>, tensor<?x64xi8, #kernel.groups<size = 16, bits = 8, order = bytes>>
}
