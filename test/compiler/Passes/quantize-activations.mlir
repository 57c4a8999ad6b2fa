// RUN: rwkv-opt %s --pass-pipeline="builtin.module(func.func(kernel-quantize-activations{order=bytes}))" | FileCheck %s
// RUN: not rwkv-opt %s --pass-pipeline="builtin.module(func.func(kernel-quantize-activations{order=bits}))" 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// Gemms of quantised weights get quantised rows, of 8 bits for q4 and 16 for q8, and share them where they can.

// UNKNOWN: error: there is no order 'bits' of bytes, only bytes and pairs

// CHECK-LABEL: @mixed
func.func @mixed(%x: tensor<?x64xf32>) -> (tensor<?x32xf32>, tensor<?x32xf32>, tensor<?x32xf32>, tensor<?x32xf32>) {
  // CHECK: %[[Q16:.*]] = kernel.quantize %arg0 : tensor<?x64xf32> -> tensor<?x64xi8, #kernel.groups<size = 16, bits = 8, order = bytes>>
  // CHECK: %[[Q32:.*]] = kernel.quantize %arg0 : tensor<?x64xf32> -> tensor<?x64xi16, #kernel.groups<size = 32, bits = 16, order = bytes>>
  // CHECK-NOT: kernel.quantize
  %a = weight.tensor "a" stored "q8" : tensor<32x64xf32>
  %b = weight.tensor "b" stored "q8" : tensor<32x64xbf16>
  %c = weight.tensor "c" stored "q4" : tensor<32x64xf32>
  %d = weight.tensor "d" stored "bf16" : tensor<32x64xf32>
  // CHECK: kernel.gemm %[[Q32]]
  %0 = kernel.gemm %x, %a {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<32x64xf32> -> tensor<?x32xf32>
  // CHECK: kernel.gemm %[[Q32]]
  %1 = kernel.gemm %x, %b {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<32x64xbf16> -> tensor<?x32xf32>
  // CHECK: kernel.gemm %[[Q16]]
  %2 = kernel.gemm %x, %c {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<32x64xf32> -> tensor<?x32xf32>
  // CHECK: kernel.gemm %arg0
  %3 = kernel.gemm %x, %d {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<32x64xf32> -> tensor<?x32xf32>
  return %0, %1, %2, %3 : tensor<?x32xf32>, tensor<?x32xf32>, tensor<?x32xf32>, tensor<?x32xf32>
}
