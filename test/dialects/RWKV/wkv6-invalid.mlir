// RUN: rwkv-opt %s --split-input-file --verify-diagnostics
// Every constraint of rwkv.wkv6 has its diagnostic.

func.func @wkv6_c1_bonus(%r: tensor<?x64xf32>, %k: tensor<?x64xf32>, %v: tensor<?x64xf32>, %w: tensor<?x64xf32>, %u: tensor<32xbf16>, %s: tensor<2x32x32xf32>) {
  // expected-error @+1 {{'u' has 32 channels, but 'r' has 64}}
  %0:2 = rwkv.wkv6 %r, %w, %k, %v bonus %u state %s
      : tensor<?x64xf32>, tensor<32xbf16>, tensor<2x32x32xf32>
  return
}

// -----

func.func @wkv6_c2_state_not_square(%r: tensor<?x64xf32>, %k: tensor<?x64xf32>, %v: tensor<?x64xf32>, %w: tensor<?x64xf32>, %u: tensor<64xbf16>, %s: tensor<2x16x32xf32>) {
  // expected-error @+1 {{'state' is 'tensor<2x16x32xf32>', but must be [H, N, N] with H * N = 64, the channels of 'r'}}
  %0:2 = rwkv.wkv6 %r, %w, %k, %v bonus %u state %s
      : tensor<?x64xf32>, tensor<64xbf16>, tensor<2x16x32xf32>
  return
}
