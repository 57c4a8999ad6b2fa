// RUN: rwkv-opt %s --pass-pipeline="builtin.module(func.func(kernel-expect-zeros{zeros=0.8},kernel-quantize-activations,kernel-skip-zeros,kernel-schedule))" | FileCheck %s
// RUN: rwkv-opt %s --pass-pipeline="builtin.module(func.func(kernel-expect-zeros{zeros=0.79},kernel-skip-zeros{vector-registers=32 vector-bits=512},kernel-schedule))" \
// RUN:   | FileCheck %s --check-prefix=FEWER
// RUN: rwkv-opt %s --pass-pipeline="builtin.module(func.func(kernel-skip-zeros,kernel-schedule))" | FileCheck %s --check-prefix=NONE --implicit-check-not=input_major

// What reads a squared relu is stored input by input, from the format's break-even on, and keeps rows of f32.
// CHECK-LABEL: @channel_mix
// CHECK: kernel.quantize %arg0
// CHECK-NOT: kernel.quantize
// CHECK-DAG: weight.tensor "key" : tensor<256x64xf32, #weight.layout<"q4", panel = 16>>
// CHECK-DAG: weight.tensor "value" {{.*}}#weight.layout<"q4", panel = 128, input_major = true>
// CHECK: %[[K:.*]] = kernel.gemm
// CHECK: kernel.gemm %[[K]], %{{.*}} schedule <backend = "llvm", panel = 128, tile_rows = 4, tile_columns = 16, block = 128, skip_zeros = true>
// FEWER-LABEL: @channel_mix
// FEWER-NOT: input_major
// NONE-LABEL: @channel_mix
func.func @channel_mix(%x: tensor<?x64xf32>) -> tensor<?x128xf32> {
  %key = weight.tensor "key" stored "q4" : tensor<256x64xf32>
  %value = weight.tensor "value" stored "q4" : tensor<128x256xf32>
  %k = kernel.gemm %x, %key {
  ^bb0(%acc: f32):
    %zero = arith.constant 0.0 : f32
    %relu = arith.maximumf %acc, %zero : f32
    %square = arith.mulf %relu, %relu : f32
    kernel.yield %square : f32
  } : tensor<?x64xf32>, tensor<256x64xf32> -> tensor<?x256xf32>
  %y = kernel.gemm %k, %value {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x256xf32>, tensor<128x256xf32> -> tensor<?x128xf32>
  return %y : tensor<?x128xf32>
}

// Floats have a lower one. Many rows sum in registers.
// CHECK-LABEL: @floats
// FEWER-LABEL: @floats
// FEWER: weight.tensor "value" {{.*}}#weight.layout<"bf16", panel = 128, input_major = true>
// FEWER: tile_rows = 6, tile_columns = 64, block = 128, skip_zeros = true>
func.func @floats(%x: tensor<?x64xf32>) -> tensor<?x128xf32> {
  %key = weight.tensor "key" stored "bf16" : tensor<256x64xbf16>
  %value = weight.tensor "value" stored "bf16" : tensor<128x256xbf16>
  %k = kernel.gemm %x, %key {
  ^bb0(%acc: f32):
    %zero = arith.constant 0.0 : f32
    %relu = arith.maximumf %acc, %zero : f32
    %square = arith.mulf %relu, %relu : f32
    kernel.yield %square : f32
  } : tensor<?x64xf32>, tensor<256x64xbf16> -> tensor<?x256xf32>
  %y = kernel.gemm %k, %value {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x256xf32>, tensor<128x256xbf16> -> tensor<?x128xf32>
  return %y : tensor<?x128xf32>
}

// One row sums in memory, whole blocks at a time.
// CHECK-LABEL: @one_row
// FEWER-LABEL: @one_row
// FEWER: tile_rows = 1, tile_columns = 128, block = 128, most_rows = 1, skip_zeros = true>
func.func @one_row(%x: tensor<?x64xf32>) -> tensor<?x128xf32> attributes {kernel.most_rows = 1 : i64} {
  %key = weight.tensor "key" stored "bf16" : tensor<256x64xbf16>
  %value = weight.tensor "value" stored "bf16" : tensor<128x256xbf16>
  %k = kernel.gemm %x, %key {
  ^bb0(%acc: f32):
    %zero = arith.constant 0.0 : f32
    %relu = arith.maximumf %acc, %zero : f32
    %square = arith.mulf %relu, %relu : f32
    kernel.yield %square : f32
  } : tensor<?x64xf32>, tensor<256x64xbf16> -> tensor<?x256xf32>
  %y = kernel.gemm %k, %value {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x256xf32>, tensor<128x256xbf16> -> tensor<?x128xf32>
  return %y : tensor<?x128xf32>
}
