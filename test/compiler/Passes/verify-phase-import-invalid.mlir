// RUN: rwkv-opt %s --split-input-file --verify-diagnostics --pass-pipeline="builtin.module(rwkv-verify-phase{phase=import})"
// A model is one function of tokens, wanted rows and named states, in ops that say what and not how.

// expected-error @+1 {{has no function @forward of one block}}
module {}

// -----

// expected-error @+1 {{takes 3 values and returns 1, but must take tokens, wanted rows and states, and return logits and the states}}
func.func @forward(%tokens: tensor<?xi32>, %wanted: tensor<?xi32>, %s: tensor<64xf32>) -> tensor<64xf32> {
  return %s : tensor<64xf32>
}

// -----

// expected-error @+1 {{has no name or no initial value for the state in argument 2}}
func.func @forward(%x: tensor<?x64xf32>, %wanted: tensor<?xi32>, %s: tensor<64xf32>) -> (tensor<?x64xf32>, tensor<64xf32>) {
  return %x, %s : tensor<?x64xf32>, tensor<64xf32>
}

// -----

// expected-error @+1 {{takes the state 'tensor<64xf32>' and returns 'tensor<32xf32>'}}
func.func @forward(%x: tensor<?x64xf32>, %v: tensor<32xf32>, %s: tensor<64xf32> {rwkv.state = "s", rwkv.initial = 0.0 : f32})
    -> (tensor<?x64xf32>, tensor<32xf32>) {
  return %x, %v : tensor<?x64xf32>, tensor<32xf32>
}

// -----

func.func @forward(%t: tensor<8x64xf32>, %i: tensor<?xi32>) -> tensor<?x64xf32> {
  // expected-error @+1 {{is no op of a model}}
  %0 = kernel.gather %t[%i] : tensor<8x64xf32>, tensor<?xi32> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}
