// RUN: rwkv-opt %s --split-input-file --verify-diagnostics --pass-pipeline="builtin.module(rwkv-verify-phase{phase=parallel})"
// The step is regions of calls; every callee holds one kernel.

func.func @forward(%t: tensor<8x64xf32>, %i: tensor<?xi32>) -> tensor<?x64xf32> {
  // expected-error @+1 {{is neither a parallel region nor a weight}}
  %0 = kernel.gather %t[%i] : tensor<8x64xf32>, tensor<?xi32> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// -----

func.func @forward(%t: tensor<8x64xf32>, %i: tensor<?xi32>) -> tensor<?x64xf32> {
  %0 = kernel.parallel {
    // expected-error @+1 {{is in a parallel region, but calls no kernel}}
    %1 = kernel.gather %t[%i] : tensor<8x64xf32>, tensor<?xi32> -> tensor<?x64xf32>
    kernel.yield %1 : tensor<?x64xf32>
  } -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// -----

func.func @forward(%x: tensor<?x64xf32>, %i: tensor<?xi32>) -> tensor<?x64xf32> {
  return %x : tensor<?x64xf32>
}
// expected-error @+1 {{is not a private function of one kernel}}
func.func private @empty(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
  return %x : tensor<?x64xf32>
}

// -----

func.func @forward(%x: tensor<?x64xf32>, %i: tensor<?xi32>) -> tensor<?x64xf32> {
  return %x : tensor<?x64xf32>
}
// expected-error @+1 {{is not a private function of one kernel}}
func.func private @elsewhere(tensor<?x64xf32>) -> tensor<?x64xf32>

// -----

func.func @forward(%t: tensor<8x64xf32>, %i: tensor<?xi32>) -> tensor<?x64xf32> {
  %0 = kernel.parallel {
    %1 = kernel.call @gather_0(%t, %i) : (tensor<8x64xf32>, tensor<?xi32>) -> tensor<?x64xf32>
    kernel.yield %1 : tensor<?x64xf32>
  } -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}
func.func private @gather_0(%t: tensor<8x64xf32>, %i: tensor<?xi32>) -> tensor<?x64xf32> {
  // expected-error @+1 {{has no schedule}}
  %0 = kernel.gather %t[%i] : tensor<8x64xf32>, tensor<?xi32> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}
