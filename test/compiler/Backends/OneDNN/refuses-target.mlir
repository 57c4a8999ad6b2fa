// RUN: rwkv-opt %s --split-input-file --verify-diagnostics --kernel-choose-backend="features=avx2;fma"
// Its layouts are those of its kernels for AVX-512.

func.func @f32(%x: tensor<?x64xf32>, %w: tensor<64x64xf32, #weight.layout<"f32", panel = 64>>) -> tensor<?x64xf32> {
  // expected-error@+1 {{is scheduled for onednn, which does not take it: oneDNN is only fast with AVX-512}}
  %0 = kernel.gemm %x, %w schedule <backend = "onednn", panel = 64, tile_rows = 6, tile_columns = 64, block = 64> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<64x64xf32, #weight.layout<"f32", panel = 64>> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// -----

func.func @bf16(%x: tensor<?x64xbf16>, %w: tensor<64x64xbf16, #weight.layout<"bf16", panel = 64>>) -> tensor<?x64xf32> {
  // expected-error@+1 {{is scheduled for onednn, which does not take it: oneDNN is only fast with AVX512-BF16}}
  %0 = kernel.gemm %x, %w schedule <backend = "onednn", panel = 64, tile_rows = 6, tile_columns = 64, block = 64> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xbf16>, tensor<64x64xbf16, #weight.layout<"bf16", panel = 64>> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}
