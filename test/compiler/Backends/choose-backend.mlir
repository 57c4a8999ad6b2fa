// RUN: rwkv-opt %s --kernel-choose-backend | FileCheck %s
// RUN: rwkv-opt %s --kernel-choose-backend=backend=llvm | FileCheck %s
// A schedule that leaves its backend open gets one; the rest of it stays.

// CHECK-LABEL: @open
func.func @open(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
  // CHECK: schedule <backend = "llvm", panel = 16, tile_rows = 2, tile_columns = 16, block = 128, most_rows = 3, skip_zeros = true>
  %0 = kernel.scan groups 1 rows(%x : tensor<?x64xf32>)
      schedule <backend = "auto", panel = 16, tile_rows = 2, tile_columns = 16, block = 128, most_rows = 3, skip_zeros = true> {
  ^bb0(%row: tensor<64xf32>):
    kernel.yield %row : tensor<64xf32>
  } -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// CHECK-LABEL: @named
func.func @named(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
  // CHECK: schedule <backend = "llvm", panel = 16, tile_rows = 1, tile_columns = 16, block = 64>
  %0 = kernel.scan groups 1 rows(%x : tensor<?x64xf32>)
      schedule <backend = "llvm", panel = 16, tile_rows = 1, tile_columns = 16, block = 64> {
  ^bb0(%row: tensor<64xf32>):
    kernel.yield %row : tensor<64xf32>
  } -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// Before there are schedules there is nothing to choose.
// CHECK-LABEL: @unscheduled
func.func @unscheduled(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
  // CHECK-NOT: schedule
  %0 = kernel.scan groups 1 rows(%x : tensor<?x64xf32>) {
  ^bb0(%row: tensor<64xf32>):
    kernel.yield %row : tensor<64xf32>
  } -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}
