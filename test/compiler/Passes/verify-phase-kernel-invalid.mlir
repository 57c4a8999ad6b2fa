// RUN: rwkv-opt %s --split-input-file --verify-diagnostics --pass-pipeline="builtin.module(rwkv-verify-phase{phase=kernel})"
// Only kernels, each state goes through one scan, and that scan's final value is returned in its place.

func.func @forward(%x: tensor<?x64xf32>, %i: tensor<?xi32>) -> tensor<?x64xf32> {
  // expected-error @+1 {{is neither a kernel nor a weight}}
  %0 = arith.negf %x : tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// -----

// expected-error @+1 {{uses the state in argument 2 other than as the state of one scan}}
func.func @forward(%x: tensor<?x64xf32>, %i: tensor<?xi32>, %s: tensor<64xf32> {rwkv.state = "s", rwkv.initial = 0.0 : f32})
    -> (tensor<?x64xf32>, tensor<64xf32>) {
  return %x, %s : tensor<?x64xf32>, tensor<64xf32>
}

// -----

// expected-error @+1 {{uses the state in argument 2 other than as the state of one scan}}
func.func @forward(%x: tensor<?x64xf32>, %i: tensor<?xi32>, %s: tensor<64xf32> {rwkv.state = "s", rwkv.initial = 0.0 : f32})
    -> (tensor<?x64xf32>, tensor<64xf32>) {
  %0:2 = kernel.scan groups 1 rows(%x : tensor<?x64xf32>) constants(%s : tensor<64xf32>) states(%s : tensor<64xf32>) {
  ^bb0(%a: tensor<64xf32>, %c: tensor<64xf32>, %b: tensor<64xf32>):
    kernel.yield %a, %b : tensor<64xf32>, tensor<64xf32>
  } -> tensor<?x64xf32>, tensor<64xf32>
  return %0#0, %0#1 : tensor<?x64xf32>, tensor<64xf32>
}

// -----

// expected-error @+1 {{does not return the final value of the state in argument 2}}
func.func @forward(%x: tensor<?x64xf32>, %i: tensor<?xi32>,
                   %s: tensor<64xf32> {rwkv.state = "s", rwkv.initial = 0.0 : f32},
                   %t: tensor<64xf32> {rwkv.state = "t", rwkv.initial = 0.0 : f32})
    -> (tensor<?x64xf32>, tensor<64xf32>, tensor<64xf32>) {
  %0:3 = kernel.scan groups 1 rows(%x : tensor<?x64xf32>) states(%s, %t : tensor<64xf32>, tensor<64xf32>) {
  ^bb0(%a: tensor<64xf32>, %b: tensor<64xf32>, %c: tensor<64xf32>):
    kernel.yield %b, %a, %c : tensor<64xf32>, tensor<64xf32>, tensor<64xf32>
  } -> tensor<?x64xf32>, tensor<64xf32>, tensor<64xf32>
  return %0#0, %0#2, %0#1 : tensor<?x64xf32>, tensor<64xf32>, tensor<64xf32>
}
