// RUN: rwkv-opt %s --split-input-file --verify-diagnostics --rwkv-to-kernel
// What has no kernel is named, not left behind.

func.func @weight_that_was_not_folded() -> tensor<64xf32> {
  %w = weight.tensor "decay" : tensor<64xbf16>
  // expected-error @+1 {{failed to legalize operation 'rwkv.activate'}}
  %0 = rwkv.activate exp %w : tensor<64xbf16>
  return %0 : tensor<64xf32>
}

// -----

func.func @arithmetic_on_vectors(%v: tensor<64xf32>) -> tensor<64xf32> {
  // expected-error @+1 {{failed to legalize operation 'arith.addf'}}
  %0 = arith.addf %v, %v : tensor<64xf32>
  return %0 : tensor<64xf32>
}
