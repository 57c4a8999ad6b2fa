// RUN: rwkv-opt %s --kernel-choose-backend="backend=onednn features=avx512f" | FileCheck %s
// RUN: rwkv-opt %s --kernel-choose-backend="backend=auto features=avx512f" | FileCheck %s --check-prefix=AUTO
// RUN: rwkv-opt %s --kernel-choose-backend="backend=auto features=avx512f;avx512bf16;avx512fp16" | FileCheck %s --check-prefix=TILES
// A backend that is asked for gets what it takes, and the first of the list the rest.

// CHECK-LABEL: @takes
func.func @takes(%x: tensor<?x64xf32>, %w: tensor<64x64xf32, #weight.layout<"f32", panel = 64>>) -> tensor<?x64xf32> {
  // CHECK: schedule <backend = "onednn", panel = 64, tile_rows = 6, tile_columns = 64, block = 64>
  %0 = kernel.gemm %x, %w schedule <backend = "auto", panel = 64, tile_rows = 6, tile_columns = 64, block = 64> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<64x64xf32, #weight.layout<"f32", panel = 64>> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// Panels of 512 KiB are too large for the second-level cache; those before are not.
// AUTO-LABEL: @takes
// AUTO: schedule <backend = "llvm"
// AUTO-LABEL: @large
func.func @large(%x: tensor<?x2048xf32>, %w: tensor<64x2048xf32, #weight.layout<"f32", panel = 64>>) -> tensor<?x64xf32> {
  // AUTO: schedule <backend = "onednn"
  %0 = kernel.gemm %x, %w schedule <backend = "auto", panel = 64, tile_rows = 6, tile_columns = 64, block = 64> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x2048xf32>, tensor<64x2048xf32, #weight.layout<"f32", panel = 64>> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// CHECK-LABEL: @refuses
func.func @refuses(%x: tensor<?x64xf32>, %w: tensor<64x64xf32, #weight.layout<"f32", panel = 64>>) -> tensor<?x64xf32> {
  // CHECK: schedule <backend = "llvm", panel = 64, tile_rows = 1, tile_columns = 64, block = 64, most_rows = 1>
  %0 = kernel.gemm %x, %w schedule <backend = "auto", panel = 64, tile_rows = 1, tile_columns = 64, block = 64, most_rows = 1> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<64x64xf32, #weight.layout<"f32", panel = 64>> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// Intel's tiles multiply pairs of bf16, whatever the panel's size.
// TILES-LABEL: @small_pairs
// AUTO-LABEL: @small_pairs
func.func @small_pairs(%x: tensor<?x64xbf16>, %w: tensor<64x64xbf16, #weight.layout<"bf16", panel = 64>>) -> tensor<?x64xf32> {
  // TILES: schedule <backend = "onednn", panel = 64
  // AUTO: schedule <backend = "llvm", panel = 64
  %0 = kernel.gemm %x, %w schedule <backend = "auto", panel = 64, tile_rows = 6, tile_columns = 64, block = 64> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xbf16>, tensor<64x64xbf16, #weight.layout<"bf16", panel = 64>> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}
