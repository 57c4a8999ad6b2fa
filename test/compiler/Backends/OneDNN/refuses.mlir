// RUN: rwkv-opt %s --split-input-file --verify-diagnostics --kernel-choose-backend="features=avx512f;avx512bf16"
// What oneDNN does not take, and why.

func.func @no_gemm(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
  // expected-error@+1 {{is scheduled for onednn, which does not take it: it is no product of matrices}}
  %0 = kernel.scan groups 1 rows(%x : tensor<?x64xf32>)
      schedule <backend = "onednn", panel = 16, tile_rows = 1, tile_columns = 16, block = 64> {
  ^bb0(%row: tensor<64xf32>):
    kernel.yield %row : tensor<64xf32>
  } -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// -----

func.func @no_layout(%x: tensor<?x64xf32>, %w: tensor<64x64xf32>) -> tensor<?x64xf32> {
  // expected-error@+1 {{is scheduled for onednn, which does not take it: its weight has no layout}}
  %0 = kernel.gemm %x, %w schedule <backend = "onednn", panel = 64, tile_rows = 6, tile_columns = 64, block = 64> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<64x64xf32> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// -----

func.func @few_rows(%x: tensor<?x64xf32>, %w: tensor<64x64xf32, #weight.layout<"f32", panel = 64>>) -> tensor<?x64xf32> {
  // expected-error@+1 {{is scheduled for onednn, which does not take it: it is of a few rows}}
  %0 = kernel.gemm %x, %w schedule <backend = "onednn", panel = 64, tile_rows = 6, tile_columns = 64, block = 64, most_rows = 16> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<64x64xf32, #weight.layout<"f32", panel = 64>> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// -----

func.func @input_major(%x: tensor<?x64xf32>, %w: tensor<128x64xf32, #weight.layout<"f32", panel = 128, input_major = true>>) -> tensor<?x128xf32> {
  // expected-error@+1 {{is scheduled for onednn, which does not take it: its weight is input-major}}
  %0 = kernel.gemm %x, %w schedule <backend = "onednn", panel = 128, tile_rows = 6, tile_columns = 128, block = 64, skip_zeros = true> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<128x64xf32, #weight.layout<"f32", panel = 128, input_major = true>> -> tensor<?x128xf32>
  return %0 : tensor<?x128xf32>
}

// -----

func.func @quantised(%x: tensor<?x64xi8, #kernel.groups<size = 32, bits = 8, order = bytes>>, %w: tensor<64x64xf32, #weight.layout<"q8", panel = 64>>) -> tensor<?x64xf32> {
  // expected-error@+1 {{is scheduled for onednn, which does not take it: oneDNN has no scale for each group of inputs}}
  %0 = kernel.gemm %x, %w schedule <backend = "onednn", panel = 64, tile_rows = 6, tile_columns = 64, block = 64> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xi8, #kernel.groups<size = 32, bits = 8, order = bytes>>, tensor<64x64xf32, #weight.layout<"q8", panel = 64>> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// -----

func.func @f16_weight(%x: tensor<?x64xf32>, %w: tensor<64x64xf16, #weight.layout<"f16", panel = 64>>) -> tensor<?x64xf32> {
  // expected-error@+1 {{is scheduled for onednn, which does not take it: its weight is stored as f16, but its rows are f32}}
  %0 = kernel.gemm %x, %w schedule <backend = "onednn", panel = 64, tile_rows = 6, tile_columns = 64, block = 64> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<64x64xf16, #weight.layout<"f16", panel = 64>> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// -----

func.func @bf16_weight(%x: tensor<?x64xf32>, %w: tensor<64x64xbf16, #weight.layout<"bf16", panel = 64>>) -> tensor<?x64xf32> {
  // expected-error@+1 {{is scheduled for onednn, which does not take it: its weight is stored as bf16, but its rows are f32}}
  %0 = kernel.gemm %x, %w schedule <backend = "onednn", panel = 64, tile_rows = 6, tile_columns = 64, block = 64> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<64x64xbf16, #weight.layout<"bf16", panel = 64>> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// -----

func.func @narrow_panel(%x: tensor<?x64xf32>, %w: tensor<48x64xf32, #weight.layout<"f32", panel = 16>>) -> tensor<?x48xf32> {
  // expected-error@+1 {{is scheduled for onednn, which does not take it: its panels have 16 outputs, not 64}}
  %0 = kernel.gemm %x, %w schedule <backend = "onednn", panel = 16, tile_rows = 6, tile_columns = 16, block = 64> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<48x64xf32, #weight.layout<"f32", panel = 16>> -> tensor<?x48xf32>
  return %0 : tensor<?x48xf32>
}

// -----

func.func @odd_inputs(%x: tensor<?x48xbf16>, %w: tensor<64x48xbf16, #weight.layout<"bf16", panel = 64>>) -> tensor<?x64xf32> {
  // expected-error@+1 {{is scheduled for onednn, which does not take it: 48 inputs are not whole blocks of 32}}
  %0 = kernel.gemm %x, %w schedule <backend = "onednn", panel = 64, tile_rows = 6, tile_columns = 64, block = 64> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x48xbf16>, tensor<64x48xbf16, #weight.layout<"bf16", panel = 64>> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}
