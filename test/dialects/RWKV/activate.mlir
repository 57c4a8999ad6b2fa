// RUN: rwkv-opt %s --verify-roundtrip | FileCheck %s
// Every kind has a name in the text; a vector of any float type becomes f32.

// CHECK-LABEL: @exp
func.func @exp(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
  // CHECK: rwkv.activate exp %{{[a-z0-9]+}} : tensor<?x64xf32>
  %0 = rwkv.activate exp %x : tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// CHECK-LABEL: @neg_exp
func.func @neg_exp(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
  // CHECK: rwkv.activate neg_exp %{{[a-z0-9]+}} : tensor<?x64xf32>
  %0 = rwkv.activate neg_exp %x : tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// CHECK-LABEL: @exp_neg_exp
func.func @exp_neg_exp(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
  // CHECK: rwkv.activate exp_neg_exp %{{[a-z0-9]+}} : tensor<?x64xf32>
  %0 = rwkv.activate exp_neg_exp %x : tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// CHECK-LABEL: @exp_neg_sigmoid
func.func @exp_neg_sigmoid(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
  // CHECK: rwkv.activate exp_neg_sigmoid %{{[a-z0-9]+}} : tensor<?x64xf32>
  %0 = rwkv.activate exp_neg_sigmoid %x : tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// CHECK-LABEL: @sigmoid
func.func @sigmoid(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
  // CHECK: rwkv.activate sigmoid %{{[a-z0-9]+}} : tensor<?x64xf32>
  %0 = rwkv.activate sigmoid %x : tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// CHECK-LABEL: @silu
func.func @silu(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
  // CHECK: rwkv.activate silu %{{[a-z0-9]+}} : tensor<?x64xf32>
  %0 = rwkv.activate silu %x : tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// CHECK-LABEL: @tanh
func.func @tanh(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
  // CHECK: rwkv.activate tanh %{{[a-z0-9]+}} : tensor<?x64xf32>
  %0 = rwkv.activate tanh %x : tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// CHECK-LABEL: @relu_squared
func.func @relu_squared(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
  // CHECK: rwkv.activate relu_squared %{{[a-z0-9]+}} : tensor<?x64xf32>
  %0 = rwkv.activate relu_squared %x : tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// CHECK-LABEL: @vector
func.func @vector(%x: tensor<64xbf16>) -> tensor<64xf32> {
  // CHECK: rwkv.activate neg_exp %{{[a-z0-9]+}} : tensor<64xbf16>
  %0 = rwkv.activate neg_exp %x : tensor<64xbf16>
  return %0 : tensor<64xf32>
}
