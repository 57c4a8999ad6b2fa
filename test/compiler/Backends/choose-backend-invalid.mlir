// RUN: rwkv-opt %s --split-input-file --verify-diagnostics --kernel-choose-backend
// A backend that a schedule names must be one of the list.

func.func @unknown_backend(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
  // expected-error@+1 {{'kernel.scan' op is scheduled for the backend 'halyde', but they are llvm}}
  %0 = kernel.scan groups 1 rows(%x : tensor<?x64xf32>)
      schedule <backend = "halyde", panel = 16, tile_rows = 1, tile_columns = 16, block = 64> {
  ^bb0(%row: tensor<64xf32>):
    kernel.yield %row : tensor<64xf32>
  } -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}
