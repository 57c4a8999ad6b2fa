// REQUIRES: halide
// DEFINE: %{lower} = rwkvc-halide %s -o %t.mlir
// DEFINE: %{check} = rwkv-opt %t.mlir -o - | FileCheck %s --check-prefixes
// RUN: %{lower} --features="avx2;fma;f16c" && %{check}=CHECK,AVX2
// RUN: %{lower} --triple=aarch64-unknown-linux-gnu --features="neon" && %{check}=CHECK,NEON
// Without an instruction for bytes, integers are words: those of even position, then those of odd.

// A loop takes eight inputs at a time: for each four of 8 outputs two products. ARM's multiply-adds are LLVM's to find.
// CHECK-LABEL: llvm.func internal @words
// AVX2-COUNT-8: llvm.call_intrinsic "llvm.x86.avx2.pmadd.wd"
// NEON-COUNT-4: arith.muli {{.*}} : vector<32xi32>
// CHECK-NOT: {{pmadd|arith.muli .* : vector}}
// CHECK: arith.sitofp {{.*}} : vector<16xi32> to vector<16xf32>
// CHECK: math.fma{{.*}} : vector<16xf32>
// CHECK-NOT: math.fma
// CHECK: llvm.return
func.func private @words(%x: tensor<?x64xi16, #kernel.groups<size = 32, bits = 16, order = pairs>>,
                         %w: tensor<16x64xf32, #weight.layout<"q8", panel = 16>>) -> tensor<?x16xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "halide", panel = 16, tile_rows = 1, tile_columns = 16, block = 64, most_rows = 1> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xi16, #kernel.groups<size = 32, bits = 16, order = pairs>>, tensor<16x64xf32, #weight.layout<"q8", panel = 16>> -> tensor<?x16xf32>
  return %0 : tensor<?x16xf32>
}

// Codes of 4 bits are looked up; two rows a tile. Of each step, both lines of codes are prefetched: 16 words apart.
// CHECK-LABEL: llvm.func internal @half_bytes
// AVX2: scf.for %[[LINE:[a-z0-9]+]] = %c0_i64 to %c2_i64
// AVX2-NEXT: arith.muli %[[LINE]], %c16_i64
// CHECK: llvm.intr.prefetch
// AVX2: llvm.call_intrinsic "llvm.x86.avx2.pshuf.b"{{.*}}vector<32xi8>
// AVX2: llvm.call_intrinsic "llvm.x86.avx2.pmadd.wd"
// NEON: llvm.call_intrinsic "llvm.aarch64.neon.tbl1"{{.*}}vector<16xi8>
// CHECK-COUNT-2: math.fma{{.*}} : vector<16xf32>
// CHECK: llvm.return
func.func private @half_bytes(%x: tensor<?x64xi8, #kernel.groups<size = 16, bits = 8, order = pairs>>,
                              %w: tensor<16x64xf32, #weight.layout<"q4", panel = 16>>) -> tensor<?x16xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "halide", panel = 16, tile_rows = 2, tile_columns = 16, block = 64, most_rows = 16> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xi8, #kernel.groups<size = 16, bits = 8, order = pairs>>, tensor<16x64xf32, #weight.layout<"q4", panel = 16>> -> tensor<?x16xf32>
  return %0 : tensor<?x16xf32>
}

// One row of f32: 32 multiply-adds for a group, and 8 for the last one, of 8 inputs.
// CHECK-LABEL: llvm.func internal @floats
// CHECK-COUNT-32: math.fma{{.*}} : vector<16xf32>
// CHECK: }
// CHECK-COUNT-8: math.fma{{.*}} : vector<16xf32>
// CHECK-NOT: math.fma
// CHECK: llvm.return
func.func private @floats(%x: tensor<?x72xf32>,
                          %w: tensor<16x72xf32, #weight.layout<"q8_0", panel = 16>>) -> tensor<?x16xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "halide", panel = 16, tile_rows = 1, tile_columns = 16, block = 64, most_rows = 1> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x72xf32>, tensor<16x72xf32, #weight.layout<"q8_0", panel = 16>> -> tensor<?x16xf32>
  return %0 : tensor<?x16xf32>
}
