// REQUIRES: halide
// DEFINE: %{lower} = rwkvc-halide %s -o %t.mlir
// DEFINE: %{check} = rwkv-opt %t.mlir -o - | FileCheck %s --check-prefixes
// RUN: %{lower} --features="avx512f;avx512bw;avx512vbmi;avx512vnni" && %{check}=CHECK,UNSIGNED,VNNI,VBMI
// RUN: %{lower} --features="avx512f;avx512bw;avx512vnni" && %{check}=CHECK,UNSIGNED,VNNI,SHUFFLE
// RUN: %{lower} --triple=aarch64-unknown-linux-gnu --features="neon;dotprod" && %{check}=CHECK,SDOT
// RUN: %{lower} --triple=aarch64-unknown-linux-gnu --features="neon;dotprod;i8mm" && %{check}=CHECK,UNSIGNED,USDOT
// Integers as bytes are multiplied by the target's instruction for them, on as many lanes as that takes.

// A group of 32 has 8 products of upper bytes and 8 of lower ones, then one conversion and one multiply-add. Signed weights
// lose the 128 that unsigned ones have too much.
// CHECK-LABEL: llvm.func internal @bytes
// UNSIGNED-NOT: arith.xori
// VNNI-COUNT-16: llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"
// USDOT-COUNT-64: llvm.call_intrinsic "llvm.aarch64.neon.usdot"
// SDOT: arith.xori {{.*}} : vector<16xi32>
// SDOT-COUNT-64: llvm.call_intrinsic "llvm.aarch64.neon.sdot"
// CHECK-NOT: llvm.call_intrinsic
// CHECK: arith.sitofp {{.*}} : vector<16xi32> to vector<16xf32>
// CHECK: math.fma{{.*}} : vector<16xf32>
// CHECK-NOT: math.fma
// CHECK: arith.mulf
// CHECK: llvm.return
func.func private @bytes(%x: tensor<?x64xi16, #kernel.groups<size = 32, bits = 16, order = bytes>>,
                         %w: tensor<16x64xf32, #weight.layout<"q8", panel = 16>>) -> tensor<?x16xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "halide", panel = 16, tile_rows = 1, tile_columns = 16, block = 64, most_rows = 1> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xi16, #kernel.groups<size = 32, bits = 16, order = bytes>>, tensor<16x64xf32, #weight.layout<"q8", panel = 16>> -> tensor<?x16xf32>
  return %0 : tensor<?x16xf32>
}

// Codes of 4 bits are looked up.
// CHECK-LABEL: llvm.func internal @codes
// VBMI-COUNT-4: llvm.call_intrinsic "llvm.x86.avx512.permvar.qi.512"
// VBMI-NOT: llvm.x86.avx512.permvar
// SHUFFLE: arith.andi {{.*}} : vector<16xi32>
// SHUFFLE: llvm.call_intrinsic "llvm.x86.avx512.pshuf.b.512"
// USDOT: llvm.call_intrinsic "llvm.aarch64.neon.tbl1"{{.*}}vector<16xi8>
// SDOT: llvm.call_intrinsic "llvm.aarch64.neon.tbl1"{{.*}}vector<16xi8>
// SDOT: llvm.call_intrinsic "llvm.aarch64.neon.sdot"
// CHECK: llvm.return
func.func private @codes(%x: tensor<?x64xi8, #kernel.groups<size = 16, bits = 8, order = bytes>>,
                         %w: tensor<16x64xf32, #weight.layout<"q4", panel = 16>>) -> tensor<?x16xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "halide", panel = 16, tile_rows = 1, tile_columns = 16, block = 64, most_rows = 1> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xi8, #kernel.groups<size = 16, bits = 8, order = bytes>>, tensor<16x64xf32, #weight.layout<"q4", panel = 16>> -> tensor<?x16xf32>
  return %0 : tensor<?x16xf32>
}
