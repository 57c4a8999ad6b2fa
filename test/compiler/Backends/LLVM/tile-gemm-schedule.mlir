// RUN: rwkv-opt %s --kernel-tile --canonicalize --cse | FileCheck %s
// What a schedule says beside its tile changes the loops as it says.

func.func @forward(%tokens: tensor<?xi32>, %wanted: tensor<?xi32>) attributes {kernel.arena_row_bytes = 0 : i64} {
  return
}

// Of 128 inputs, all rows are multiplied with 64 and then with the others; their sums wait on the stack, the weights stay
// where they are. A pair of inputs is 64 bytes of a panel of 16.
// CHECK-LABEL: llvm.func internal @inputs
// CHECK: %[[SUMS:[0-9]+]] = llvm.alloca
// CHECK-NOT: llvm.alloca
// CHECK: scf.for %[[UNIT:[a-z0-9]+]] =
// CHECK: scf.for %[[BLOCK:[a-z0-9]+]] = %c0_i64 to %c128_i64 step %c64_i64
// CHECK: scf.for {{.*}} step %c2_i64
// CHECK-COUNT-2: llvm.load {{.*}} -> vector<16xf32>
// CHECK: scf.for {{.*}} iter_args
// CHECK-COUNT-4: math.fma
// CHECK-NOT: math.fma
// CHECK: scf.yield
// CHECK-COUNT-2: llvm.store {{.*}} : vector<16xf32>
// CHECK: llvm.return
func.func private @inputs(%x: tensor<?x128xf32>, %w: tensor<16x128xbf16, #weight.layout<"bf16", panel = 16>>) -> tensor<?x16xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "llvm", panel = 16, tile_rows = 2, tile_columns = 16, block = 64, tile_inputs = 64> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x128xf32>, tensor<16x128xbf16, #weight.layout<"bf16", panel = 16>> -> tensor<?x16xf32>
  return %0 : tensor<?x16xf32>
}

// A pair of inputs of 32 outputs is 128 bytes, two cache lines: each step asks for those that lie 4096 bytes on.
// CHECK-LABEL: llvm.func internal @prefetch
// CHECK: scf.for {{.*}} iter_args
// CHECK: llvm.getelementptr {{.*}}[4096]
// CHECK-COUNT-2: llvm.intr.prefetch
// CHECK-NOT: llvm.intr.prefetch
// CHECK: llvm.return
func.func private @prefetch(%x: tensor<?x128xf32>, %w: tensor<32x128xbf16, #weight.layout<"bf16", panel = 32>>) -> tensor<?x32xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "llvm", panel = 32, tile_rows = 1, tile_columns = 32, block = 64, most_rows = 1, prefetch = 4096> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x128xf32>, tensor<32x128xbf16, #weight.layout<"bf16", panel = 32>> -> tensor<?x32xf32>
  return %0 : tensor<?x32xf32>
}
