// RUN: rwkv-opt %s --split-input-file --verify-diagnostics
// Every constraint of kernel.quantize and #kernel.groups has its diagnostic.

func.func @quantize_c1_encoding(%x: tensor<?x64xf32>) {
  // expected-error @+1 {{the result's encoding is not #kernel.groups}}
  %0 = kernel.quantize %x : tensor<?x64xf32> -> tensor<?x64xi16>
  return
}

// -----

func.func @quantize_c1_channels(%x: tensor<?x64xf32>) {
  // expected-error @+1 {{the result has 32 channels, but 'x' has 64}}
  %0 = kernel.quantize %x : tensor<?x64xf32> -> tensor<?x32xi16, #kernel.groups<size = 16, bits = 16, order = bytes>>
  return
}

// -----

func.func @quantize_c1_bits(%x: tensor<?x64xf32>) {
  // expected-error @+1 {{the result is of 'i16', but its groups of 8 bits}}
  %0 = kernel.quantize %x : tensor<?x64xf32> -> tensor<?x64xi16, #kernel.groups<size = 16, bits = 8, order = bytes>>
  return
}

// -----

func.func @quantize_c2_block(%x: tensor<?x64xf32>) {
  // expected-error @+1 {{is scheduled in blocks of 16, which groups of 32 do not divide}}
  %0 = kernel.quantize %x schedule <backend = "llvm", panel = 64, tile_rows = 1, tile_columns = 64, block = 16>
    : tensor<?x64xf32> -> tensor<?x64xi16, #kernel.groups<size = 32, bits = 16, order = bytes>>
  return
}

// -----

// expected-error @+1 {{'size' is 24, but must be 16, 32, 48 or 64}}
func.func private @groups_size(tensor<?x64xi16, #kernel.groups<size = 24, bits = 16, order = bytes>>)

// -----

// expected-error @+1 {{'bits' is 4, but must be 8 or 16}}
func.func private @groups_bits(tensor<?x64xi16, #kernel.groups<size = 16, bits = 4, order = bytes>>)
