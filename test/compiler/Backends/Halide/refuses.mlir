// REQUIRES: halide
// RUN: rwkv-opt %s --split-input-file --verify-diagnostics --kernel-choose-backend="features=avx512f;avx512vnni"
// What Halide does not take, and why. Where no schedule names it, LLVM takes that.

func.func @joined(%x: tensor<?x64xi8, #kernel.groups<size = 64, bits = 8, order = bytes>>,
                  %w: tensor<64x64xf32, #weight.layout<"q4", panel = 64>>) -> tensor<?x64xf32> {
  // expected-error@+1 {{is scheduled for halide, which does not take it: weights that are widened for several rows wait on the stack in blocks larger than a pipeline may have}}
  %0 = kernel.gemm %x, %w schedule <backend = "halide", panel = 64, tile_rows = 3, tile_columns = 64, block = 64> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xi8, #kernel.groups<size = 64, bits = 8, order = bytes>>, tensor<64x64xf32, #weight.layout<"q4", panel = 64>> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// -----

func.func @widened(%x: tensor<?x64xf32>, %w: tensor<64x64xf32, #weight.layout<"q8", panel = 64>>) -> tensor<?x64xf32> {
  // expected-error@+1 {{is scheduled for halide, which does not take it: weights that are widened for several rows wait on the stack in blocks larger than a pipeline may have}}
  %0 = kernel.gemm %x, %w schedule <backend = "halide", panel = 64, tile_rows = 3, tile_columns = 64, block = 64> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<64x64xf32, #weight.layout<"q8", panel = 64>> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// -----

func.func @zeros(%x: tensor<?x64xf32>, %w: tensor<128x64xf32, #weight.layout<"f32", panel = 128, input_major = true>>) -> tensor<?x128xf32> {
  // expected-error@+1 {{is scheduled for halide, which does not take it: a list of the inputs that are not zero is no loop nest}}
  %0 = kernel.gemm %x, %w schedule <backend = "halide", panel = 128, tile_rows = 1, tile_columns = 128, block = 64, most_rows = 1, skip_zeros = true> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<128x64xf32, #weight.layout<"f32", panel = 128, input_major = true>> -> tensor<?x128xf32>
  return %0 : tensor<?x128xf32>
}

// -----

func.func @words(%x: tensor<?x64xi16, #kernel.groups<size = 32, bits = 16, order = pairs>>,
                 %w: tensor<64x64xf32, #weight.layout<"q8", panel = 64>>) -> tensor<?x64xf32> {
  // expected-error@+1 {{is scheduled for halide, which does not take it: no instruction of the target multiplies rows of such integers}}
  %0 = kernel.gemm %x, %w schedule <backend = "halide", panel = 64, tile_rows = 1, tile_columns = 64, block = 64> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xi16, #kernel.groups<size = 32, bits = 16, order = pairs>>, tensor<64x64xf32, #weight.layout<"q8", panel = 64>> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// -----

func.func @odd(%x: tensor<?x17xf32>) -> tensor<?x17xbf16> {
  // expected-error@+1 {{is scheduled for halide, which does not take it: an odd number of channels leaves half a pair}}
  %0 = kernel.quantize %x schedule <backend = "halide", panel = 16, tile_rows = 1, tile_columns = 16, block = 64>
      : tensor<?x17xf32> -> tensor<?x17xbf16>
  return %0 : tensor<?x17xbf16>
}

// -----

func.func @lane(%t: tensor<32x64xf32, #weight.layout<"q8", panel = 16>>, %i: tensor<?xi32>) -> tensor<?x64xf32> {
  // expected-error@+1 {{is scheduled for halide, which does not take it: one lane of a quantised table is no vector}}
  %0 = kernel.gather %t[%i] schedule <backend = "halide", panel = 16, tile_rows = 1, tile_columns = 16, block = 64>
      : tensor<32x64xf32, #weight.layout<"q8", panel = 16>>, tensor<?xi32> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// -----

func.func @two_states(%x: tensor<?x16xf32>, %s: tensor<2x8x8xf32>, %v: tensor<16xf32>) -> tensor<?x16xf32> {
  // expected-error@+1 {{is scheduled for halide, which does not take it: a matrix beside another state would be written while that is still read}}
  %0:3 = kernel.scan groups 2 rows(%x : tensor<?x16xf32>) states(%s, %v : tensor<2x8x8xf32>, tensor<16xf32>)
      schedule <backend = "halide", panel = 16, tile_rows = 1, tile_columns = 16, block = 64> {
  ^bb0(%row: tensor<8xf32>, %state: tensor<8x8xf32>, %before: tensor<8xf32>):
    kernel.yield %before, %state, %row : tensor<8xf32>, tensor<8x8xf32>, tensor<8xf32>
  } -> tensor<?x16xf32>, tensor<2x8x8xf32>, tensor<16xf32>
  return %0#0 : tensor<?x16xf32>
}

// -----

func.func @wide_group(%x: tensor<?x1024xf32>) -> tensor<?x1024xf32> {
  // expected-error@+1 {{is scheduled for halide, which does not take it: its groups have more channels than the 256 that one vector may have}}
  %0 = kernel.scan groups 2 rows(%x : tensor<?x1024xf32>)
      schedule <backend = "halide", panel = 16, tile_rows = 1, tile_columns = 16, block = 64> {
  ^bb0(%row: tensor<512xf32>):
    kernel.yield %row : tensor<512xf32>
  } -> tensor<?x1024xf32>
  return %0 : tensor<?x1024xf32>
}
