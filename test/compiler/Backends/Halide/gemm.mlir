// REQUIRES: halide
// RUN: rwkvc-halide %s --features="avx512f;avx512bw;avx512vbmi;avx512vnni;avx512bf16" -o %t.mlir && rwkv-opt %t.mlir -o - | FileCheck %s
// A gemm sums its tile on the stack in the order of the LLVM backend, from where LLVM takes it into registers; the
// epilogue and the stores of outputs come after.

// Three rows a tile, whose last rows are computed from the last one and not stored.
// CHECK-LABEL: llvm.func internal @tiles
// CHECK-SAME: %[[X:arg0]]: !llvm.ptr, %[[W:arg1]]: !llvm.ptr, %[[OUT:arg2]]: !llvm.ptr, %[[ROW0:arg3]]: i64, %[[ROW1:arg4]]: i64, %[[UNIT0:arg5]]: i64
// CHECK-SAME: attributes {no_inline}
// CHECK: llvm.alloca %{{[a-z0-9_]+}} x f32
// CHECK: %[[ROWS:[0-9]+]] = arith.subi %[[ROW1]], %[[ROW0]]
// CHECK: scf.for
// CHECK: scf.for
// CHECK: scf.for %{{[a-z0-9]+}} = %c0_i64 to %{{[a-z0-9_]+}} step %c1_i64 : i64
// CHECK-COUNT-6: math.fma{{.*}} : vector<16xf32>
// CHECK-NOT: math.fma
// CHECK-COUNT-6: llvm.store {{.*}} : vector<16xf32>
// CHECK: llvm.return
func.func private @tiles(%x: tensor<?x8xf32>, %w: tensor<32x8xf32, #weight.layout<"f32", panel = 32>>) -> tensor<?x32xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "halide", panel = 32, tile_rows = 3, tile_columns = 32, block = 64> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x8xf32>, tensor<32x8xf32, #weight.layout<"f32", panel = 32>> -> tensor<?x32xf32>
  return %0 : tensor<?x32xf32>
}

// Of 12 outputs in a panel of 16, the owner of the last unit reads and writes 12, one by one. Of the last pair of 5
// inputs, only the first is read: two fused multiply-adds for a pair in the loop, one after it.
// CHECK-LABEL: llvm.func internal @tail
// CHECK: scf.if
// CHECK: llvm.load {{.*}} -> vector<16xi32>
// CHECK-COUNT-2: math.fma{{.*}} : vector<16xf32>
// CHECK: llvm.load {{.*}} -> vector<16xi32>
// CHECK-COUNT-1: math.fma{{.*}} : vector<16xf32>
// CHECK-NOT: math.fma
// CHECK: scf.for %{{[a-z0-9]+}} = %c0_i64 to %c12_i64
// CHECK: %[[SUM:[0-9]+]] = arith.addf
// CHECK: llvm.store %[[SUM]], {{.*}} : f32, !llvm.ptr
func.func private @tail(%x: tensor<?x5xf32>, %w: tensor<12x5xbf16, #weight.layout<"bf16", panel = 16>>,
                        %old: tensor<?x12xf32>) -> tensor<?x12xf32> {
  %0 = kernel.gemm %x, %w rows(%old : tensor<?x12xf32>)
      schedule <backend = "halide", panel = 16, tile_rows = 1, tile_columns = 16, block = 64, most_rows = 1> {
  ^bb0(%acc: f32, %before: f32):
    %sum = arith.addf %before, %acc : f32
    kernel.yield %sum : f32
  } : tensor<?x5xf32>, tensor<12x5xbf16, #weight.layout<"bf16", panel = 16>> -> tensor<?x12xf32>
  return %0 : tensor<?x12xf32>
}

// A few rows of pairs: the next panel is prefetched.
// CHECK-LABEL: llvm.func internal @pairs
// CHECK: llvm.intr.prefetch
// CHECK-COUNT-2: llvm.call_intrinsic "llvm.x86.avx512bf16.dpbf16ps.512"
// CHECK: llvm.return
func.func private @pairs(%x: tensor<?x8xbf16>, %w: tensor<64x8xbf16, #weight.layout<"bf16", panel = 16>>) -> tensor<?x64xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "halide", panel = 16, tile_rows = 2, tile_columns = 16, block = 64, most_rows = 16> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x8xbf16>, tensor<64x8xbf16, #weight.layout<"bf16", panel = 16>> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// 1024 bytes ahead are four inputs of 64 outputs, each of four lines; the last input that has one so far ahead is number 59.
// CHECK-LABEL: llvm.func internal @ahead
// CHECK: %[[LAST:[a-z0-9_]+]] = arith.constant 59 : i64
// CHECK: arith.cmpi sle, %{{[a-z0-9_]+}}, %[[LAST]]
// CHECK: llvm.intr.prefetch
// CHECK: math.fma
func.func private @ahead(%x: tensor<?x64xf32>, %w: tensor<64x64xf32, #weight.layout<"f32", panel = 64>>) -> tensor<?x64xf32> {
  %0 = kernel.gemm %x, %w
      schedule <backend = "halide", panel = 64, tile_rows = 1, tile_columns = 64, block = 64, most_rows = 1, prefetch = 1024> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<64x64xf32, #weight.layout<"f32", panel = 64>> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}
