// RUN: rwkv-opt %s --verify-roundtrip | FileCheck %s
// A region between two barriers, with kernels called by name and results in places.

// CHECK-LABEL: @parallel
func.func @parallel(%x: tensor<?x64xf32>, %w: tensor<64x64xf32>) -> (tensor<?x64xf32>, tensor<?x64xf32>) {
  // CHECK: kernel.parallel {
  // CHECK: kernel.call @gemm_0(%{{[a-z0-9]+}}, %{{[a-z0-9]+}}) places [#kernel.place<arena, 0>] : (tensor<?x64xf32>, tensor<64x64xf32>) -> tensor<?x64xf32>
  // CHECK: kernel.call @gemm_0(%{{[a-z0-9]+}}, %{{[a-z0-9]+}}) : (tensor<?x64xf32>, tensor<64x64xf32>) -> tensor<?x64xf32>
  // CHECK: } -> tensor<?x64xf32>, tensor<?x64xf32>
  %0:2 = kernel.parallel {
    %a = kernel.call @gemm_0(%x, %w) places [#kernel.place<arena, 0>] : (tensor<?x64xf32>, tensor<64x64xf32>) -> tensor<?x64xf32>
    %b = kernel.call @gemm_0(%x, %w) : (tensor<?x64xf32>, tensor<64x64xf32>) -> tensor<?x64xf32>
    kernel.yield %a, %b : tensor<?x64xf32>, tensor<?x64xf32>
  } -> tensor<?x64xf32>, tensor<?x64xf32>
  return %0#0, %0#1 : tensor<?x64xf32>, tensor<?x64xf32>
}
func.func private @gemm_0(%x: tensor<?x64xf32>, %w: tensor<64x64xf32>) -> tensor<?x64xf32> {
  %0 = kernel.gemm %x, %w {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<64x64xf32> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// A thread quantises the columns that it has made.
// CHECK-LABEL: @follows
func.func @follows(%x: tensor<?x64xf32>, %i: tensor<?xi32>) -> tensor<?x64xi8, #kernel.groups<size = 16, bits = 8, order = bytes>> {
  // CHECK: kernel.parallel {
  // CHECK-NEXT: %[[A:.*]] = kernel.gather
  // CHECK-NEXT: kernel.quantize %[[A]]
  %0 = kernel.parallel {
    %a = kernel.gather %x[%i] schedule <backend = "llvm", panel = 16, tile_rows = 1, tile_columns = 16, block = 32> : tensor<?x64xf32>, tensor<?xi32> -> tensor<?x64xf32>
    %b = kernel.quantize %a schedule <backend = "llvm", panel = 16, tile_rows = 1, tile_columns = 16, block = 32> : tensor<?x64xf32> -> tensor<?x64xi8, #kernel.groups<size = 16, bits = 8, order = bytes>>
    kernel.yield %b : tensor<?x64xi8, #kernel.groups<size = 16, bits = 8, order = bytes>>
  } -> tensor<?x64xi8, #kernel.groups<size = 16, bits = 8, order = bytes>>
  return %0 : tensor<?x64xi8, #kernel.groups<size = 16, bits = 8, order = bytes>>
}
