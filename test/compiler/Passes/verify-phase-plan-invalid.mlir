// RUN: rwkv-opt %s --split-input-file --verify-diagnostics --pass-pipeline="builtin.module(rwkv-verify-phase{phase=plan})"
// Every value has a place, and a state is written where it was read.

// expected-error @+1 {{has no place for argument 1}}
func.func @forward(%x: tensor<?x64xf32> {kernel.place = #kernel.place<arena, 0>}, %i: tensor<?xi32>) -> tensor<?x64xf32> {
  return %x : tensor<?x64xf32>
}

// -----

func.func @forward(%x: tensor<?x64xf32> {kernel.place = #kernel.place<tokens, 0>},
                   %i: tensor<?xi32> {kernel.place = #kernel.place<wanted, 0>}) -> tensor<?x64xf32> {
  // expected-error @+1 {{has no place}}
  %w = weight.tensor "w" : tensor<64xf32>
  return %x : tensor<?x64xf32>
}

// -----

func.func @forward(%x: tensor<?x64xf32> {kernel.place = #kernel.place<tokens, 0>},
                   %i: tensor<?xi32> {kernel.place = #kernel.place<wanted, 0>}) -> tensor<?x64xf32> {
  %0 = kernel.parallel {
    // expected-error @+1 {{has no place}}
    %1 = kernel.call @gather_0(%x, %i) : (tensor<?x64xf32>, tensor<?xi32>) -> tensor<?x64xf32>
    kernel.yield %1 : tensor<?x64xf32>
  } -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}
func.func private @gather_0(%x: tensor<?x64xf32>, %i: tensor<?xi32>) -> tensor<?x64xf32> {
  %0 = kernel.gather %x[%i] schedule <backend = "llvm", panel = 64, tile_rows = 6, tile_columns = 64, block = 64>
      : tensor<?x64xf32>, tensor<?xi32> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// -----

func.func @forward(%x: tensor<?x64xf32> {kernel.place = #kernel.place<tokens, 0>},
                   %i: tensor<?xi32> {kernel.place = #kernel.place<wanted, 0>},
                   %s: tensor<64xf32> {kernel.place = #kernel.place<state, 0>, rwkv.state = "s", rwkv.initial = 0.0 : f32})
    -> (tensor<?x64xf32>, tensor<64xf32>) {
  %0:2 = kernel.parallel {
    // expected-error @+1 {{does not write the state in argument 2 to its place}}
    %1:2 = kernel.call @scan_0(%x, %s) places [#kernel.place<logits, 0>, #kernel.place<state, 256>]
        : (tensor<?x64xf32>, tensor<64xf32>) -> (tensor<?x64xf32>, tensor<64xf32>)
    kernel.yield %1#0, %1#1 : tensor<?x64xf32>, tensor<64xf32>
  } -> tensor<?x64xf32>, tensor<64xf32>
  return %0#0, %0#1 : tensor<?x64xf32>, tensor<64xf32>
}
func.func private @scan_0(%x: tensor<?x64xf32>, %s: tensor<64xf32>) -> (tensor<?x64xf32>, tensor<64xf32>) {
  %0:2 = kernel.scan groups 1 rows(%x : tensor<?x64xf32>) states(%s : tensor<64xf32>)
      schedule <backend = "llvm", panel = 64, tile_rows = 6, tile_columns = 64, block = 64> {
  ^bb0(%a: tensor<64xf32>, %b: tensor<64xf32>):
    kernel.yield %b, %a : tensor<64xf32>, tensor<64xf32>
  } -> tensor<?x64xf32>, tensor<64xf32>
  return %0#0, %0#1 : tensor<?x64xf32>, tensor<64xf32>
}
