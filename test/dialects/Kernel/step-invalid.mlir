// RUN: rwkv-opt %s --split-input-file --verify-diagnostics
// Every constraint of kernel.parallel and kernel.call has its diagnostic.

func.func @parallel_c1_dependent(%t: tensor<8x64xf32>, %i: tensor<?xi32>) {
  %0:2 = kernel.parallel {
    %a = kernel.gather %t[%i] : tensor<8x64xf32>, tensor<?xi32> -> tensor<?x64xf32>
    // expected-error @+1 {{uses the result of a kernel in the same parallel region}}
    %b = kernel.gather %a[%i] : tensor<?x64xf32>, tensor<?xi32> -> tensor<?x64xf32>
    kernel.yield %a, %b : tensor<?x64xf32>, tensor<?x64xf32>
  } -> tensor<?x64xf32>, tensor<?x64xf32>
  return
}

// -----

func.func @parallel_c2_types(%t: tensor<8x64xf32>, %i: tensor<?xi32>) {
  // expected-error @+1 {{yields other types than it returns}}
  %0 = kernel.parallel {
    %a = kernel.gather %t[%i] : tensor<8x64xf32>, tensor<?xi32> -> tensor<?x64xf32>
    kernel.yield %a : tensor<?x64xf32>
  } -> tensor<?x32xf32>
  return
}

// -----

func.func @call_c1_no_function(%x: tensor<?x64xf32>) {
  // expected-error @+1 {{calls @nobody, which is not a function}}
  %0 = kernel.call @nobody(%x) : (tensor<?x64xf32>) -> tensor<?x64xf32>
  return
}

// -----

func.func private @callee(tensor<?x32xf32>) -> tensor<?x64xf32>
func.func @call_c1_types(%x: tensor<?x64xf32>) {
  // expected-error @+1 {{does not have the types of @callee}}
  %0 = kernel.call @callee(%x) : (tensor<?x64xf32>) -> tensor<?x64xf32>
  return
}

// -----

func.func private @callee(tensor<?x64xf32>) -> tensor<?x64xf32>
func.func @call_c2_count(%x: tensor<?x64xf32>) {
  // expected-error @+1 {{has 2 places for 1 results}}
  %0 = kernel.call @callee(%x) places [#kernel.place<arena, 0>, #kernel.place<arena, 4>] : (tensor<?x64xf32>) -> tensor<?x64xf32>
  return
}

// -----

func.func private @callee(tensor<?x64xf32>) -> tensor<?x64xf32>
func.func @call_c2_no_place(%x: tensor<?x64xf32>) {
  // expected-error @+1 {{has a place that is no #kernel.place}}
  %0 = kernel.call @callee(%x) places [4 : i64] : (tensor<?x64xf32>) -> tensor<?x64xf32>
  return
}

// -----

// Quantised are the columns of other units than were made.
func.func private @gather(%x: tensor<?x64xf32>, %i: tensor<?xi32>) -> tensor<?x64xf32> {
  %0 = kernel.gather %x[%i] schedule <backend = "llvm", panel = 16, tile_rows = 1, tile_columns = 16, block = 32> : tensor<?x64xf32>, tensor<?xi32> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}
func.func private @quantize(%x: tensor<?x64xf32>) -> tensor<?x64xi8, #kernel.groups<size = 16, bits = 8, order = bytes>> {
  %0 = kernel.quantize %x schedule <backend = "llvm", panel = 16, tile_rows = 1, tile_columns = 16, block = 64> : tensor<?x64xf32> -> tensor<?x64xi8, #kernel.groups<size = 16, bits = 8, order = bytes>>
  return %0 : tensor<?x64xi8, #kernel.groups<size = 16, bits = 8, order = bytes>>
}
func.func @parallel_c1_other_units(%x: tensor<?x64xf32>, %i: tensor<?xi32>) {
  %0 = kernel.parallel {
    %a = kernel.call @gather(%x, %i) : (tensor<?x64xf32>, tensor<?xi32>) -> tensor<?x64xf32>
    // expected-error @+1 {{uses the result of a kernel in the same parallel region}}
    %b = kernel.call @quantize(%a) : (tensor<?x64xf32>) -> tensor<?x64xi8, #kernel.groups<size = 16, bits = 8, order = bytes>>
    kernel.yield %b : tensor<?x64xi8, #kernel.groups<size = 16, bits = 8, order = bytes>>
  } -> tensor<?x64xi8, #kernel.groups<size = 16, bits = 8, order = bytes>>
  return
}
