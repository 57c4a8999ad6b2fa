// RUN: rwkv-opt %s --verify-roundtrip | FileCheck %s
// States are named on the arguments of a function, the model's dimensions on the module.

// CHECK: rwkv.model = {architecture = "rwkv7"
module attributes {rwkv.model = {architecture = "rwkv7", layers = 2, channels = 64, heads = 2, head_size = 32,
                                 ffn_width = 256, vocabulary = 128}} {
  // CHECK-LABEL: @forward
  // CHECK-SAME: rwkv.initial = -1.000000e+30 : f32, rwkv.state = "layer.0.pp"
  func.func @forward(%pp: tensor<64xf32> {rwkv.state = "layer.0.pp", rwkv.initial = -1.0e30 : f32}) -> tensor<64xf32> {
    return %pp : tensor<64xf32>
  }
}
