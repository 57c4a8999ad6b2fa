// RUN: rwkv-opt %s --verify-diagnostics --kernel-tile
// Each kernel is lowered by the backend that its schedule names, which must be one of the list.

func.func @forward(%tokens: tensor<?xi32>, %wanted: tensor<?xi32>) attributes {kernel.arena_row_bytes = 0 : i64} {
  return
}

func.func private @unchosen(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
  // expected-error@+1 {{'kernel.scan' op is scheduled for the backend 'auto', but they are llvm}}
  %0 = kernel.scan groups 1 rows(%x : tensor<?x64xf32>)
      schedule <backend = "auto", panel = 16, tile_rows = 1, tile_columns = 16, block = 64> {
  ^bb0(%row: tensor<64xf32>):
    kernel.yield %row : tensor<64xf32>
  } -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}
