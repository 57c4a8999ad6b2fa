// RUN: rwkv-opt %s --verify-diagnostics --pass-pipeline="builtin.module(rwkv-verify-phase{phase=fold})"
// After folding, no step computes what depends on weights alone.

func.func @forward(%x: tensor<?x64xf32>, %i: tensor<?xi32>) -> tensor<?x64xf32> {
  %w = weight.tensor "decay" : tensor<64xbf16>
  // expected-error @+1 {{is computed from weights alone, which no weight format can express}}
  %0 = rwkv.activate sigmoid %w : tensor<64xbf16>
  %1 = rwkv.scale %x by %0 : tensor<?x64xf32>, tensor<64xf32>
  return %1 : tensor<?x64xf32>
}
