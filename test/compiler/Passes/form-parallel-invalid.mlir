// RUN: rwkv-opt %s --verify-diagnostics --kernel-form-parallel
// Between kernels there is nothing that could run between two barriers.

func.func @forward(%t: tensor<16x64xf32>, %tokens: tensor<?xi32>) -> tensor<?x64xf32> {
  %x = kernel.gather %t[%tokens] : tensor<16x64xf32>, tensor<?xi32> -> tensor<?x64xf32>
  // expected-error @+1 {{uses the result of a kernel, but is no kernel}}
  %y = arith.negf %x : tensor<?x64xf32>
  return %y : tensor<?x64xf32>
}
