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

// -----

func.func @gather_c2_panel(%table: tensor<32x64xf32, #weight.layout<"q8", panel = 64>>, %index: tensor<?xi32>) {
  // expected-error @+1 {{'table' has panels of 64 rows as q8, but only panels of 16 in a known format can be picked from}}
  %0 = kernel.gather %table[%index] : tensor<32x64xf32, #weight.layout<"q8", panel = 64>>, tensor<?xi32> -> tensor<?x64xf32>
  return
}

// -----

func.func @gather_c2_block(%table: tensor<32x64xf32, #weight.layout<"q8", panel = 16>>, %index: tensor<?xi32>) {
  // expected-error @+1 {{has blocks of 48 channels, but q8 stores 32 together}}
  %0 = kernel.gather %table[%index] schedule <backend = "llvm", panel = 16, tile_rows = 1, tile_columns = 16, block = 48>
      : tensor<32x64xf32, #weight.layout<"q8", panel = 16>>, tensor<?xi32> -> tensor<?x64xf32>
  return
}
