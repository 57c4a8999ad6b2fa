// RUN: rwkv-opt %s --pass-pipeline="builtin.module(func.func(kernel-quantize-activations{order=bytes many-bytes=true bf16=true}))" | FileCheck %s
// RUN: rwkv-opt %s --pass-pipeline="builtin.module(func.func(kernel-quantize-activations{order=bytes}))" | FileCheck %s --check-prefix=PRECISE
// RUN: rwkv-opt %s --pass-pipeline="builtin.module(func.func(kernel-quantize-activations{order=pairs}))" | FileCheck %s --check-prefix=PAIRS
// RUN: not rwkv-opt %s --pass-pipeline="builtin.module(func.func(kernel-quantize-activations{order=bits}))" 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// Gemms get rows that their weights' dot product takes, and share them where they can. One row is rounded least.

// UNKNOWN: error: there is no order 'bits' of bytes, only bytes and pairs

// Many rows: groups of 4-bit codes are joined, and f16 weights are worth no more than rows of bf16.
// CHECK-LABEL: @many
// CHECK: %[[B:[0-9]+]] = kernel.quantize %arg0 : tensor<?x64xf32> -> tensor<?x64xbf16>
// CHECK: %[[Q64:[0-9]+]] = kernel.quantize %arg0 : tensor<?x64xf32> -> tensor<?x64xi8, #kernel.groups<size = 64, bits = 8, order = bytes>>
// CHECK: %[[Q32:[0-9]+]] = kernel.quantize %arg0 : tensor<?x64xf32> -> tensor<?x64xi8, #kernel.groups<size = 32, bits = 8, order = bytes>>
// CHECK-NOT: kernel.quantize
// CHECK-COUNT-2: kernel.gemm %[[Q32]]
// CHECK: kernel.gemm %[[Q64]]
// CHECK-COUNT-2: kernel.gemm %[[B]]
// CHECK: kernel.gemm %arg0

// Without these dot products integers cost the same in 16 bits, and nothing is joined.
// PAIRS-LABEL: @many
// PAIRS: %[[Q16:[0-9]+]] = kernel.quantize %arg0 : tensor<?x64xf32> -> tensor<?x64xi8, #kernel.groups<size = 16, bits = 8, order = pairs>>
// PAIRS: %[[Q32:[0-9]+]] = kernel.quantize %arg0 : tensor<?x64xf32> -> tensor<?x64xi16, #kernel.groups<size = 32, bits = 16, order = pairs>>
// PAIRS-NOT: kernel.quantize
// PAIRS-COUNT-2: kernel.gemm %[[Q32]]
// PAIRS: kernel.gemm %[[Q16]]
// PAIRS-COUNT-3: kernel.gemm %arg0

// With a dot product of bytes that is not worth it, as ARM's.
// PRECISE-LABEL: @many
// PRECISE: %[[Q16:[0-9]+]] = kernel.quantize %arg0 : tensor<?x64xf32> -> tensor<?x64xi8, #kernel.groups<size = 16, bits = 8, order = bytes>>
// PRECISE: %[[Q32:[0-9]+]] = kernel.quantize %arg0 : tensor<?x64xf32> -> tensor<?x64xi16, #kernel.groups<size = 32, bits = 16, order = bytes>>
// PRECISE-NOT: kernel.quantize
// PRECISE-COUNT-2: kernel.gemm %[[Q32]]
// PRECISE: kernel.gemm %[[Q16]]
// PRECISE-COUNT-3: kernel.gemm %arg0
func.func @many(%x: tensor<?x64xf32>)
    -> (tensor<?x32xf32>, tensor<?x32xf32>, tensor<?x32xf32>, tensor<?x32xf32>, tensor<?x32xf32>, tensor<?x32xf32>) {
  %a = weight.tensor "a" stored "q8" : tensor<32x64xf32>
  %b = weight.tensor "b" stored "q8" : tensor<32x64xbf16>
  %c = weight.tensor "c" stored "q4" : tensor<32x64xf32>
  %d = weight.tensor "d" stored "bf16" : tensor<32x64xf32>
  %e = weight.tensor "e" stored "f16" : tensor<32x64xf32>
  %f = weight.tensor "f" stored "f32" : tensor<32x64xf32>
  %0 = kernel.gemm %x, %a {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<32x64xf32> -> tensor<?x32xf32>
  %1 = kernel.gemm %x, %b {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<32x64xbf16> -> tensor<?x32xf32>
  %2 = kernel.gemm %x, %c {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<32x64xf32> -> tensor<?x32xf32>
  %3 = kernel.gemm %x, %d {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<32x64xf32> -> tensor<?x32xf32>
  %4 = kernel.gemm %x, %e {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<32x64xf32> -> tensor<?x32xf32>
  %5 = kernel.gemm %x, %f {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<32x64xf32> -> tensor<?x32xf32>
  return %0, %1, %2, %3, %4, %5
      : tensor<?x32xf32>, tensor<?x32xf32>, tensor<?x32xf32>, tensor<?x32xf32>, tensor<?x32xf32>, tensor<?x32xf32>
}

// A few rows: there is nobody to share the work of joining with.
// CHECK-LABEL: @few
// CHECK: %[[B:[0-9]+]] = kernel.quantize %arg0 : tensor<?x64xf32> -> tensor<?x64xbf16>
// CHECK: %[[Q16:[0-9]+]] = kernel.quantize %arg0 : tensor<?x64xf32> -> tensor<?x64xi8, #kernel.groups<size = 16, bits = 8, order = bytes>>
// CHECK: %[[Q32:[0-9]+]] = kernel.quantize %arg0 : tensor<?x64xf32> -> tensor<?x64xi8, #kernel.groups<size = 32, bits = 8, order = bytes>>
// CHECK-NOT: kernel.quantize
// CHECK-COUNT-2: kernel.gemm %[[Q32]]
// CHECK: kernel.gemm %[[Q16]]
// CHECK: kernel.gemm %[[B]]
// CHECK-COUNT-2: kernel.gemm %arg0
func.func @few(%x: tensor<?x64xf32>)
    -> (tensor<?x32xf32>, tensor<?x32xf32>, tensor<?x32xf32>, tensor<?x32xf32>, tensor<?x32xf32>, tensor<?x32xf32>) attributes {kernel.most_rows = 16 : i64} {
  %a = weight.tensor "a" stored "q8" : tensor<32x64xf32>
  %b = weight.tensor "b" stored "q8" : tensor<32x64xbf16>
  %c = weight.tensor "c" stored "q4" : tensor<32x64xf32>
  %d = weight.tensor "d" stored "bf16" : tensor<32x64xf32>
  %e = weight.tensor "e" stored "f16" : tensor<32x64xf32>
  %f = weight.tensor "f" stored "f32" : tensor<32x64xf32>
  %0 = kernel.gemm %x, %a {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<32x64xf32> -> tensor<?x32xf32>
  %1 = kernel.gemm %x, %b {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<32x64xbf16> -> tensor<?x32xf32>
  %2 = kernel.gemm %x, %c {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<32x64xf32> -> tensor<?x32xf32>
  %3 = kernel.gemm %x, %d {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<32x64xf32> -> tensor<?x32xf32>
  %4 = kernel.gemm %x, %e {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<32x64xf32> -> tensor<?x32xf32>
  %5 = kernel.gemm %x, %f {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<32x64xf32> -> tensor<?x32xf32>
  return %0, %1, %2, %3, %4, %5
      : tensor<?x32xf32>, tensor<?x32xf32>, tensor<?x32xf32>, tensor<?x32xf32>, tensor<?x32xf32>, tensor<?x32xf32>
}

// One row waits for memory.
// CHECK-LABEL: @one
// CHECK: %[[Q16:[0-9]+]] = kernel.quantize %arg0 : tensor<?x64xf32> -> tensor<?x64xi8, #kernel.groups<size = 16, bits = 8, order = bytes>>
// CHECK: %[[Q32:[0-9]+]] = kernel.quantize %arg0 : tensor<?x64xf32> -> tensor<?x64xi16, #kernel.groups<size = 32, bits = 16, order = bytes>>
// CHECK-NOT: kernel.quantize
// CHECK-COUNT-2: kernel.gemm %[[Q32]]
// CHECK: kernel.gemm %[[Q16]]
// CHECK-COUNT-3: kernel.gemm %arg0
func.func @one(%x: tensor<?x64xf32>)
    -> (tensor<?x32xf32>, tensor<?x32xf32>, tensor<?x32xf32>, tensor<?x32xf32>, tensor<?x32xf32>, tensor<?x32xf32>) attributes {kernel.most_rows = 1 : i64} {
  %a = weight.tensor "a" stored "q8" : tensor<32x64xf32>
  %b = weight.tensor "b" stored "q8" : tensor<32x64xbf16>
  %c = weight.tensor "c" stored "q4" : tensor<32x64xf32>
  %d = weight.tensor "d" stored "bf16" : tensor<32x64xf32>
  %e = weight.tensor "e" stored "f16" : tensor<32x64xf32>
  %f = weight.tensor "f" stored "f32" : tensor<32x64xf32>
  %0 = kernel.gemm %x, %a {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<32x64xf32> -> tensor<?x32xf32>
  %1 = kernel.gemm %x, %b {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<32x64xbf16> -> tensor<?x32xf32>
  %2 = kernel.gemm %x, %c {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<32x64xf32> -> tensor<?x32xf32>
  %3 = kernel.gemm %x, %d {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<32x64xf32> -> tensor<?x32xf32>
  %4 = kernel.gemm %x, %e {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<32x64xf32> -> tensor<?x32xf32>
  %5 = kernel.gemm %x, %f {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<32x64xf32> -> tensor<?x32xf32>
  return %0, %1, %2, %3, %4, %5
      : tensor<?x32xf32>, tensor<?x32xf32>, tensor<?x32xf32>, tensor<?x32xf32>, tensor<?x32xf32>, tensor<?x32xf32>
}
