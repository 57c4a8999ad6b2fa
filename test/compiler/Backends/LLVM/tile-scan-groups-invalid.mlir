// RUN: rwkv-opt %s --split-input-file --verify-diagnostics --kernel-tile
// What does not fit into one pass over the state, or into registers, is refused.

func.func @forward(%tokens: tensor<?xi32>, %wanted: tensor<?xi32>) attributes {kernel.arena_row_bytes = 0 : i64} {
  return
}
func.func private @second_pass(%r: tensor<?x16xf32>, %s: tensor<2x8x8xf32>) -> (tensor<?x16xf32>, tensor<2x8x8xf32>) {
  %0:2 = kernel.scan groups 2 rows(%r : tensor<?x16xf32>) states(%s : tensor<2x8x8xf32>)
      schedule <backend = "llvm", panel = 16, tile_rows = 1, tile_columns = 16, block = 64> {
  ^bb0(%a: tensor<8xf32>, %m: tensor<8x8xf32>):
    %1 = kernel.reduce add %m over columns : tensor<8x8xf32> -> tensor<8xf32>
    // expected-error @+1 {{needs a second pass over the rows of the state, which no kernel makes}}
    %2 = kernel.broadcast %1 along rows : tensor<8xf32> -> tensor<8x8xf32>
    %3 = arith.addf %m, %2 : tensor<8x8xf32>
    kernel.yield %a, %3 : tensor<8xf32>, tensor<8x8xf32>
  } -> tensor<?x16xf32>, tensor<2x8x8xf32>
  return %0#0, %0#1 : tensor<?x16xf32>, tensor<2x8x8xf32>
}

// -----

func.func @forward(%tokens: tensor<?xi32>, %wanted: tensor<?xi32>) attributes {kernel.arena_row_bytes = 0 : i64} {
  return
}
// The sum of a row is complete, but what is computed from all of them is not.
func.func private @computed_from_sums(%r: tensor<?x16xf32>, %s: tensor<2x8x8xf32>) -> (tensor<?x16xf32>, tensor<2x8x8xf32>) {
  %0:2 = kernel.scan groups 2 rows(%r : tensor<?x16xf32>) states(%s : tensor<2x8x8xf32>)
      schedule <backend = "llvm", panel = 16, tile_rows = 1, tile_columns = 16, block = 64> {
  ^bb0(%a: tensor<8xf32>, %m: tensor<8x8xf32>):
    %1 = kernel.reduce add %m over columns : tensor<8x8xf32> -> tensor<8xf32>
    %2 = arith.addf %1, %a : tensor<8xf32>
    // expected-error @+1 {{needs a second pass over the rows of the state, which no kernel makes}}
    %3 = kernel.broadcast %2 along columns : tensor<8xf32> -> tensor<8x8xf32>
    kernel.yield %a, %3 : tensor<8xf32>, tensor<8x8xf32>
  } -> tensor<?x16xf32>, tensor<2x8x8xf32>
  return %0#0, %0#1 : tensor<?x16xf32>, tensor<2x8x8xf32>
}

// -----

func.func @forward(%tokens: tensor<?xi32>, %wanted: tensor<?xi32>) attributes {kernel.arena_row_bytes = 0 : i64} {
  return
}
func.func private @large_groups(%x: tensor<?x544xf32>) -> tensor<?x544xf32> {
  // expected-error @+1 {{has groups of 272 channels, but at most 256 fit into registers}}
  %0 = kernel.scan groups 2 rows(%x : tensor<?x544xf32>)
      schedule <backend = "llvm", panel = 16, tile_rows = 1, tile_columns = 16, block = 64> {
  ^bb0(%a: tensor<272xf32>):
    kernel.yield %a : tensor<272xf32>
  } -> tensor<?x544xf32>
  return %0 : tensor<?x544xf32>
}

// -----

// expected-error @+1 {{has no planned @forward}}
module {
  func.func @forward(%tokens: tensor<?xi32>, %wanted: tensor<?xi32>) {
    return
  }
}
