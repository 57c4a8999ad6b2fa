// RUN: rwkv-opt %s --split-input-file --verify-diagnostics
// Every constraint of kernel.gather has its diagnostic.

func.func @gather_c1_channels(%table: tensor<16x64xbf16>, %index: tensor<?xi32>) {
  // expected-error @+1 {{the result has 32 channels, but 'table' has 64}}
  %0 = kernel.gather %table[%index] : tensor<16x64xbf16>, tensor<?xi32> -> tensor<?x32xf32>
  return
}

// -----

func.func @gather_c1_index_is_no_vector(%table: tensor<16x64xbf16>, %index: tensor<?x1xi32>) {
  // expected-error @+1 {{operand #1 must be 1D tensor of 32-bit signless integer values}}
  %0 = kernel.gather %table[%index] : tensor<16x64xbf16>, tensor<?x1xi32> -> tensor<?x64xf32>
  return
}
