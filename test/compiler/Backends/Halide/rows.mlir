// REQUIRES: halide
// RUN: rwkvc-halide %s --features="avx512f;avx512vnni" -o %t.mlir && rwkv-opt %t.mlir -o - | FileCheck %s
// Kernels without a body.

// CHECK-LABEL: llvm.func internal @gather
// CHECK: llvm.load {{.*}} -> i32
// CHECK: %[[HALF:[0-9]+]] = llvm.load {{.*}} -> vector<16xi16>
// CHECK: arith.bitcast %[[HALF]] : vector<16xi16> to vector<16xf16>
// CHECK: arith.extf {{.*}} to vector<16xf32>
// CHECK: llvm.return
func.func private @gather(%t: tensor<8x32xf16, #weight.layout<"f16", panel = 0>>, %i: tensor<?xi32>) -> tensor<?x32xf32> {
  %0 = kernel.gather %t[%i] schedule <backend = "halide", panel = 16, tile_rows = 1, tile_columns = 16, block = 16>
      : tensor<8x32xf16, #weight.layout<"f16", panel = 0>>, tensor<?xi32> -> tensor<?x32xf32>
  return %0 : tensor<?x32xf32>
}

// CHECK-LABEL: llvm.func internal @pairs
// CHECK: arith.truncf {{.*}} : vector<16xf32> to vector<16xbf16>
// CHECK: llvm.store {{.*}} : vector<16xi16>
func.func private @pairs(%x: tensor<?x32xf32>) -> tensor<?x32xbf16> {
  %0 = kernel.quantize %x schedule <backend = "halide", panel = 16, tile_rows = 1, tile_columns = 16, block = 16>
      : tensor<?x32xf32> -> tensor<?x32xbf16>
  return %0 : tensor<?x32xbf16>
}

// The upper bytes of a group, its lower ones, its scale and its offset. The last group has 8 inputs.
// CHECK-LABEL: llvm.func internal @groups
// CHECK: vector.reduction <maxui>, {{.*}} : vector<32xi32> into i32
// CHECK: arith.divf
// CHECK: math.roundeven {{.*}} : vector<32xf32>
// CHECK: vector.reduction <add>, {{.*}} : vector<32xi32> into i32
// CHECK: scf.if
// CHECK: scf.for %{{[a-z0-9]+}} = %c0_i64 to %c8_i64
func.func private @groups(%x: tensor<?x40xf32>) -> tensor<?x40xi16, #kernel.groups<size = 32, bits = 16, order = bytes>> {
  %0 = kernel.quantize %x schedule <backend = "halide", panel = 16, tile_rows = 1, tile_columns = 16, block = 64>
      : tensor<?x40xf32> -> tensor<?x40xi16, #kernel.groups<size = 32, bits = 16, order = bytes>>
  return %0 : tensor<?x40xi16, #kernel.groups<size = 32, bits = 16, order = bytes>>
}

// Words of even position, then those of odd.
// CHECK-LABEL: llvm.func internal @words
// CHECK: math.roundeven {{.*}} : vector<16xf32>
// CHECK: llvm.store {{.*}} : vector<8xi16>
// CHECK: llvm.store {{.*}} : vector<8xi16>
// CHECK: llvm.return
func.func private @words(%x: tensor<?x32xf32>) -> tensor<?x32xi8, #kernel.groups<size = 16, bits = 8, order = pairs>> {
  %0 = kernel.quantize %x schedule <backend = "halide", panel = 16, tile_rows = 1, tile_columns = 16, block = 32>
      : tensor<?x32xf32> -> tensor<?x32xi8, #kernel.groups<size = 16, bits = 8, order = pairs>>
  return %0 : tensor<?x32xi8, #kernel.groups<size = 16, bits = 8, order = pairs>>
}
