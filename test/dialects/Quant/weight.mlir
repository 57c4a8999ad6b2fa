// RUN: rwkv-opt %s --verify-roundtrip | FileCheck %s
// A weight as it is stored, packed, and with something folded into it.

// CHECK-LABEL: @weights
func.func @weights() {
  // CHECK: weight.tensor "key" : tensor<64x32xbf16>
  %0 = weight.tensor "key" : tensor<64x32xbf16>
  // CHECK: weight.tensor "key" : tensor<64x32xbf16, #weight.layout<"bf16", panel = 64>>
  %1 = weight.tensor "key" : tensor<64x32xbf16, #weight.layout<"bf16", panel = 64>>
  // CHECK: weight.tensor "decay" transforms [#weight.map<neg_exp>, #weight.map<exp>] : tensor<64xf32>
  %2 = weight.tensor "decay" transforms [#weight.map<neg_exp>, #weight.map<exp>] : tensor<64xf32>
  // CHECK: weight.tensor "emb" transforms [#weight.layer_norm<"scale", "offset", 1.000000e-05 : f64>] : tensor<8x64xf32>
  %3 = weight.tensor "emb" transforms [#weight.layer_norm<"scale", "offset", 1.0e-5 : f64>] : tensor<8x64xf32>
  // CHECK: weight.tensor "value" stored "q8" : tensor<128x64xf32, #weight.layout<"q8", panel = 128, input_major = true>>
  %4 = weight.tensor "value" stored "q8" : tensor<128x64xf32, #weight.layout<"q8", panel = 128, input_major = true>>
  return
}
