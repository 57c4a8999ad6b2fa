// RUN: rwkv-opt %s --kernel-tile --canonicalize --kernel-expand-math --convert-scf-to-cf --convert-vector-to-llvm --convert-math-to-llvm \
// RUN:   --convert-arith-to-llvm --convert-cf-to-llvm --reconcile-unrealized-casts | sed -e 's/llvm.func internal @gemm/llvm.func @gemm/' \
// RUN:   | mlir-translate --mlir-to-llvmir -o %t.ll
// RUN: clang -O1 -march=native -ffp-contract=off -Wno-override-module %t.ll %S/Inputs/skip_zeros.c -o %t.out
// RUN: %t.out | FileCheck %s
// A row whose zeros are skipped gives the same bits as one whose zeros are multiplied, alone or with any share of the
// units, and a few or many rows give the same within rounding. 200 outputs are a block and a part of one.

// CHECK: f32: alike
// CHECK: f16: alike
// CHECK: bf16: alike
// CHECK: q8: alike
// CHECK: q4: alike

func.func @forward(%tokens: tensor<?xi32>, %wanted: tensor<?xi32>) attributes {kernel.arena_row_bytes = 0 : i64} {
  return
}

func.func private @gemm_f32_skip(%x: tensor<?x300xf32>, %w: tensor<200x300xf32, #weight.layout<"f32", panel = 128, input_major = true>>) -> tensor<?x200xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "llvm", panel = 128, tile_rows = 1, tile_columns = 128, block = 128, most_rows = 1, skip_zeros = true> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x300xf32>, tensor<200x300xf32, #weight.layout<"f32", panel = 128, input_major = true>> -> tensor<?x200xf32>
  return %0 : tensor<?x200xf32>
}

func.func private @gemm_f32_all(%x: tensor<?x300xf32>, %w: tensor<200x300xf32, #weight.layout<"f32", panel = 128, input_major = true>>) -> tensor<?x200xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "llvm", panel = 128, tile_rows = 1, tile_columns = 128, block = 128, most_rows = 1> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x300xf32>, tensor<200x300xf32, #weight.layout<"f32", panel = 128, input_major = true>> -> tensor<?x200xf32>
  return %0 : tensor<?x200xf32>
}

func.func private @gemm_f32_many(%x: tensor<?x300xf32>, %w: tensor<200x300xf32, #weight.layout<"f32", panel = 128, input_major = true>>) -> tensor<?x200xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "llvm", panel = 128, tile_rows = 6, tile_columns = 64, block = 128> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x300xf32>, tensor<200x300xf32, #weight.layout<"f32", panel = 128, input_major = true>> -> tensor<?x200xf32>
  return %0 : tensor<?x200xf32>
}

func.func private @gemm_f32_few(%x: tensor<?x300xf32>, %w: tensor<200x300xf32, #weight.layout<"f32", panel = 128, input_major = true>>) -> tensor<?x200xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "llvm", panel = 128, tile_rows = 4, tile_columns = 64, block = 128, most_rows = 16> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x300xf32>, tensor<200x300xf32, #weight.layout<"f32", panel = 128, input_major = true>> -> tensor<?x200xf32>
  return %0 : tensor<?x200xf32>
}

func.func private @gemm_f16_skip(%x: tensor<?x300xf32>, %w: tensor<200x300xf16, #weight.layout<"f16", panel = 128, input_major = true>>) -> tensor<?x200xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "llvm", panel = 128, tile_rows = 1, tile_columns = 128, block = 128, most_rows = 1, skip_zeros = true> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x300xf32>, tensor<200x300xf16, #weight.layout<"f16", panel = 128, input_major = true>> -> tensor<?x200xf32>
  return %0 : tensor<?x200xf32>
}

func.func private @gemm_f16_all(%x: tensor<?x300xf32>, %w: tensor<200x300xf16, #weight.layout<"f16", panel = 128, input_major = true>>) -> tensor<?x200xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "llvm", panel = 128, tile_rows = 1, tile_columns = 128, block = 128, most_rows = 1> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x300xf32>, tensor<200x300xf16, #weight.layout<"f16", panel = 128, input_major = true>> -> tensor<?x200xf32>
  return %0 : tensor<?x200xf32>
}

func.func private @gemm_f16_many(%x: tensor<?x300xf32>, %w: tensor<200x300xf16, #weight.layout<"f16", panel = 128, input_major = true>>) -> tensor<?x200xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "llvm", panel = 128, tile_rows = 6, tile_columns = 64, block = 128> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x300xf32>, tensor<200x300xf16, #weight.layout<"f16", panel = 128, input_major = true>> -> tensor<?x200xf32>
  return %0 : tensor<?x200xf32>
}

func.func private @gemm_f16_few(%x: tensor<?x300xf32>, %w: tensor<200x300xf16, #weight.layout<"f16", panel = 128, input_major = true>>) -> tensor<?x200xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "llvm", panel = 128, tile_rows = 4, tile_columns = 64, block = 128, most_rows = 16> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x300xf32>, tensor<200x300xf16, #weight.layout<"f16", panel = 128, input_major = true>> -> tensor<?x200xf32>
  return %0 : tensor<?x200xf32>
}

func.func private @gemm_bf16_skip(%x: tensor<?x300xf32>, %w: tensor<200x300xbf16, #weight.layout<"bf16", panel = 128, input_major = true>>) -> tensor<?x200xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "llvm", panel = 128, tile_rows = 1, tile_columns = 128, block = 128, most_rows = 1, skip_zeros = true> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x300xf32>, tensor<200x300xbf16, #weight.layout<"bf16", panel = 128, input_major = true>> -> tensor<?x200xf32>
  return %0 : tensor<?x200xf32>
}

func.func private @gemm_bf16_all(%x: tensor<?x300xf32>, %w: tensor<200x300xbf16, #weight.layout<"bf16", panel = 128, input_major = true>>) -> tensor<?x200xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "llvm", panel = 128, tile_rows = 1, tile_columns = 128, block = 128, most_rows = 1> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x300xf32>, tensor<200x300xbf16, #weight.layout<"bf16", panel = 128, input_major = true>> -> tensor<?x200xf32>
  return %0 : tensor<?x200xf32>
}

func.func private @gemm_bf16_many(%x: tensor<?x300xf32>, %w: tensor<200x300xbf16, #weight.layout<"bf16", panel = 128, input_major = true>>) -> tensor<?x200xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "llvm", panel = 128, tile_rows = 6, tile_columns = 64, block = 128> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x300xf32>, tensor<200x300xbf16, #weight.layout<"bf16", panel = 128, input_major = true>> -> tensor<?x200xf32>
  return %0 : tensor<?x200xf32>
}

func.func private @gemm_bf16_few(%x: tensor<?x300xf32>, %w: tensor<200x300xbf16, #weight.layout<"bf16", panel = 128, input_major = true>>) -> tensor<?x200xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "llvm", panel = 128, tile_rows = 4, tile_columns = 64, block = 128, most_rows = 16> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x300xf32>, tensor<200x300xbf16, #weight.layout<"bf16", panel = 128, input_major = true>> -> tensor<?x200xf32>
  return %0 : tensor<?x200xf32>
}

func.func private @gemm_q8_skip(%x: tensor<?x300xf32>, %w: tensor<200x300xf32, #weight.layout<"q8", panel = 128, input_major = true>>) -> tensor<?x200xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "llvm", panel = 128, tile_rows = 1, tile_columns = 128, block = 128, most_rows = 1, skip_zeros = true> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x300xf32>, tensor<200x300xf32, #weight.layout<"q8", panel = 128, input_major = true>> -> tensor<?x200xf32>
  return %0 : tensor<?x200xf32>
}

func.func private @gemm_q8_all(%x: tensor<?x300xf32>, %w: tensor<200x300xf32, #weight.layout<"q8", panel = 128, input_major = true>>) -> tensor<?x200xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "llvm", panel = 128, tile_rows = 1, tile_columns = 128, block = 128, most_rows = 1> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x300xf32>, tensor<200x300xf32, #weight.layout<"q8", panel = 128, input_major = true>> -> tensor<?x200xf32>
  return %0 : tensor<?x200xf32>
}

func.func private @gemm_q8_many(%x: tensor<?x300xf32>, %w: tensor<200x300xf32, #weight.layout<"q8", panel = 128, input_major = true>>) -> tensor<?x200xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "llvm", panel = 128, tile_rows = 6, tile_columns = 64, block = 128> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x300xf32>, tensor<200x300xf32, #weight.layout<"q8", panel = 128, input_major = true>> -> tensor<?x200xf32>
  return %0 : tensor<?x200xf32>
}

func.func private @gemm_q8_few(%x: tensor<?x300xf32>, %w: tensor<200x300xf32, #weight.layout<"q8", panel = 128, input_major = true>>) -> tensor<?x200xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "llvm", panel = 128, tile_rows = 4, tile_columns = 64, block = 128, most_rows = 16> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x300xf32>, tensor<200x300xf32, #weight.layout<"q8", panel = 128, input_major = true>> -> tensor<?x200xf32>
  return %0 : tensor<?x200xf32>
}

func.func private @gemm_q4_skip(%x: tensor<?x300xf32>, %w: tensor<200x300xf32, #weight.layout<"q4", panel = 128, input_major = true>>) -> tensor<?x200xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "llvm", panel = 128, tile_rows = 1, tile_columns = 128, block = 128, most_rows = 1, skip_zeros = true> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x300xf32>, tensor<200x300xf32, #weight.layout<"q4", panel = 128, input_major = true>> -> tensor<?x200xf32>
  return %0 : tensor<?x200xf32>
}

func.func private @gemm_q4_all(%x: tensor<?x300xf32>, %w: tensor<200x300xf32, #weight.layout<"q4", panel = 128, input_major = true>>) -> tensor<?x200xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "llvm", panel = 128, tile_rows = 1, tile_columns = 128, block = 128, most_rows = 1> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x300xf32>, tensor<200x300xf32, #weight.layout<"q4", panel = 128, input_major = true>> -> tensor<?x200xf32>
  return %0 : tensor<?x200xf32>
}

func.func private @gemm_q4_many(%x: tensor<?x300xf32>, %w: tensor<200x300xf32, #weight.layout<"q4", panel = 128, input_major = true>>) -> tensor<?x200xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "llvm", panel = 128, tile_rows = 6, tile_columns = 64, block = 128> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x300xf32>, tensor<200x300xf32, #weight.layout<"q4", panel = 128, input_major = true>> -> tensor<?x200xf32>
  return %0 : tensor<?x200xf32>
}

func.func private @gemm_q4_few(%x: tensor<?x300xf32>, %w: tensor<200x300xf32, #weight.layout<"q4", panel = 128, input_major = true>>) -> tensor<?x200xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "llvm", panel = 128, tile_rows = 4, tile_columns = 64, block = 128, most_rows = 16> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x300xf32>, tensor<200x300xf32, #weight.layout<"q4", panel = 128, input_major = true>> -> tensor<?x200xf32>
  return %0 : tensor<?x200xf32>
}
