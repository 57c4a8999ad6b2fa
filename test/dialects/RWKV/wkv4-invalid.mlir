// RUN: rwkv-opt %s --split-input-file --verify-diagnostics
// Every constraint of rwkv.wkv4 has its diagnostic.

func.func @wkv4_c1_decay(%k: tensor<?x64xf32>, %v: tensor<?x64xf32>, %w: tensor<2xf32>, %u: tensor<64xbf16>, %aa: tensor<64xf32>, %bb: tensor<64xf32>, %pp: tensor<64xf32>) {
  // expected-error @+1 {{'w' has 2 channels, but 'k' has 64}}
  %0:4 = rwkv.wkv4 %k, %v decay %w bonus %u states %aa, %bb, %pp
      : tensor<?x64xf32>, tensor<2xf32>, tensor<64xbf16>, tensor<64xf32>
  return
}

// -----

func.func @wkv4_c1_bonus(%k: tensor<?x64xf32>, %v: tensor<?x64xf32>, %w: tensor<64xf32>, %u: tensor<2xbf16>, %aa: tensor<64xf32>, %bb: tensor<64xf32>, %pp: tensor<64xf32>) {
  // expected-error @+1 {{'u' has 2 channels, but 'k' has 64}}
  %0:4 = rwkv.wkv4 %k, %v decay %w bonus %u states %aa, %bb, %pp
      : tensor<?x64xf32>, tensor<64xf32>, tensor<2xbf16>, tensor<64xf32>
  return
}

// -----

func.func @wkv4_c2_states(%k: tensor<?x64xf32>, %v: tensor<?x64xf32>, %w: tensor<64xf32>, %u: tensor<64xbf16>, %aa: tensor<32xf32>, %bb: tensor<32xf32>, %pp: tensor<32xf32>) {
  // expected-error @+1 {{'aa' has 32 channels, but 'k' has 64}}
  %0:4 = rwkv.wkv4 %k, %v decay %w bonus %u states %aa, %bb, %pp
      : tensor<?x64xf32>, tensor<64xf32>, tensor<64xbf16>, tensor<32xf32>
  return
}
