// RUN: rwkv-opt %s --split-input-file --verify-diagnostics --pass-pipeline="builtin.module(rwkv-verify-phase{phase=schedule})"
// Every kernel knows how it is run, and every matrix how it is stored.

func.func @forward(%t: tensor<8x64xf32>, %i: tensor<?xi32>) -> tensor<?x64xf32> {
  // expected-error @+1 {{has no schedule}}
  %0 = kernel.gather %t[%i] : tensor<8x64xf32>, tensor<?xi32> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// -----

func.func @forward(%x: tensor<?x64xf32>, %i: tensor<?xi32>) -> tensor<?x64xf32> {
  %w = weight.tensor "w" : tensor<64x64xbf16>
  // expected-error @+1 {{multiplies with a weight that has no layout}}
  %0 = kernel.gemm %x, %w schedule <backend = "llvm", panel = 64, tile_rows = 6, tile_columns = 64, block = 64> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<64x64xbf16> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}
