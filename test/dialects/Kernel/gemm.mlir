// RUN: rwkv-opt %s --verify-roundtrip | FileCheck %s
// A product alone, and one with every kind of operand.

#layout = #weight.layout<"bf16", panel = 64>
#schedule = #kernel.schedule<backend = "llvm", panel = 64, tile_rows = 6, tile_columns = 64, block = 64>

// CHECK-LABEL: @gemm
func.func @gemm(%x: tensor<?x32xf32>, %w: tensor<48x32xf16>) -> tensor<?x48xf32> {
  // CHECK: kernel.gemm %{{[a-z0-9]+}}, %{{[a-z0-9]+}} {
  // CHECK: } : tensor<?x32xf32>, tensor<48x32xf16> -> tensor<?x48xf32>
  %0 = kernel.gemm %x, %w {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x32xf32>, tensor<48x32xf16> -> tensor<?x48xf32>
  return %0 : tensor<?x48xf32>
}

// CHECK-LABEL: @gemm_scheduled
func.func @gemm_scheduled(%x: tensor<?x32xf32>, %w: tensor<48x32xbf16, #layout>, %old: tensor<?x48xf32>,
                          %bias: tensor<48xbf16>) -> tensor<?x48xf32> {
  // CHECK: kernel.gemm %{{[a-z0-9]+}}, %{{[a-z0-9]+}} rows(%{{[a-z0-9]+}} : tensor<?x48xf32>) constants(%{{[a-z0-9]+}} : tensor<48xbf16>) schedule <backend = "llvm", panel = 64,
  // CHECK: } : tensor<?x32xf32>, tensor<48x32xbf16, #weight.layout<"bf16", panel = 64>> -> tensor<?x48xf32>
  %0 = kernel.gemm %x, %w rows(%old : tensor<?x48xf32>) constants(%bias : tensor<48xbf16>) schedule #schedule {
  ^bb0(%acc: f32, %o: f32, %b: f32):
    %sum = arith.addf %acc, %b : f32
    %all = arith.addf %sum, %o : f32
    kernel.yield %all : f32
  } : tensor<?x32xf32>, tensor<48x32xbf16, #layout> -> tensor<?x48xf32>
  return %0 : tensor<?x48xf32>
}
