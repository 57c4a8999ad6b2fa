// RUN: rwkv-opt %s --split-input-file --verify-diagnostics
// Every constraint of rwkv.token_shift has its diagnostic.

func.func @token_shift_c1_previous(%x: tensor<?x64xf32>, %s: tensor<32xf32>) {
  // expected-error @+1 {{'previous' has 32 channels, but 'x' has 64}}
  %before, %last = rwkv.token_shift %x from %s : tensor<?x64xf32>, tensor<32xf32>
  return
}

// -----

func.func @token_shift_narrow_state(%x: tensor<?x64xf32>, %s: tensor<64xbf16>) {
  // expected-error @+1 {{operand #1 must be f32 state [C] with C known}}
  %before, %last = rwkv.token_shift %x from %s : tensor<?x64xf32>, tensor<64xbf16>
  return
}
