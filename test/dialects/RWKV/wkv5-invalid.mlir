// RUN: rwkv-opt %s --split-input-file --verify-diagnostics
// Every constraint of rwkv.wkv5 has its diagnostic.

func.func @wkv5_c1_decay_of_heads(%r: tensor<?x64xf32>, %k: tensor<?x64xf32>, %v: tensor<?x64xf32>, %w: tensor<2xf32>, %u: tensor<64xbf16>, %s: tensor<2x32x32xf32>) {
  // expected-error @+1 {{'w' has 2 channels, but 'r' has 64}}
  %0:2 = rwkv.wkv5 %r, %k, %v decay %w bonus %u state %s
      : tensor<?x64xf32>, tensor<2xf32>, tensor<64xbf16>, tensor<2x32x32xf32>
  return
}

// -----

func.func @wkv5_c1_bonus(%r: tensor<?x64xf32>, %k: tensor<?x64xf32>, %v: tensor<?x64xf32>, %w: tensor<64xf32>, %u: tensor<2xbf16>, %s: tensor<2x32x32xf32>) {
  // expected-error @+1 {{'u' has 2 channels, but 'r' has 64}}
  %0:2 = rwkv.wkv5 %r, %k, %v decay %w bonus %u state %s
      : tensor<?x64xf32>, tensor<64xf32>, tensor<2xbf16>, tensor<2x32x32xf32>
  return
}

// -----

func.func @wkv5_c2_state_not_square(%r: tensor<?x64xf32>, %k: tensor<?x64xf32>, %v: tensor<?x64xf32>, %w: tensor<64xf32>, %u: tensor<64xbf16>, %s: tensor<2x32x16xf32>) {
  // expected-error @+1 {{'state' is 'tensor<2x32x16xf32>', but must be [H, N, N] with H * N = 64, the channels of 'r'}}
  %0:2 = rwkv.wkv5 %r, %k, %v decay %w bonus %u state %s
      : tensor<?x64xf32>, tensor<64xf32>, tensor<64xbf16>, tensor<2x32x16xf32>
  return
}

// -----

func.func @wkv5_c2_wrong_heads(%r: tensor<?x64xf32>, %k: tensor<?x64xf32>, %v: tensor<?x64xf32>, %w: tensor<64xf32>, %u: tensor<64xbf16>, %s: tensor<4x32x32xf32>) {
  // expected-error @+1 {{'state' is 'tensor<4x32x32xf32>', but must be [H, N, N] with H * N = 64, the channels of 'r'}}
  %0:2 = rwkv.wkv5 %r, %k, %v decay %w bonus %u state %s
      : tensor<?x64xf32>, tensor<64xf32>, tensor<64xbf16>, tensor<4x32x32xf32>
  return
}
