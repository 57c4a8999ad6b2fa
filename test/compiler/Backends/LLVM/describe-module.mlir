// RUN: rwkv-opt %s --kernel-describe-module="triple=some-triple cpu=some-cpu features=avx2;fma max-rows=7" | FileCheck %s
// What the module says of itself: strings, state slots, the fields of rwkvc_module_t in their order, and the query.

// CHECK: llvm.func @step(!llvm.ptr, i32, i32)
// CHECK: constant @text.slot.0("layer.0.att.shift\00")
// CHECK: constant @text.slot.1("layer.0.wkv\00")
// CHECK: constant @slots() {{.*}} : !llvm.array<2 x struct<(ptr, i64, i32, array<4 x i32>, f32)>>
// Address, offset, rank, shape and initial value of each.
// CHECK-NEXT: addressof @text.slot.0
// CHECK-NEXT: constant(0 : i64)
// CHECK-NEXT: constant(1 : i32)
// CHECK-NEXT: constant(64 : i32)
// CHECK-NEXT: constant(1 : i32)
// CHECK-NEXT: constant(1 : i32)
// CHECK-NEXT: constant(1 : i32)
// CHECK: constant(5.000000e-01 : f32)
// CHECK: addressof @text.slot.1
// CHECK-NEXT: constant(256 : i64)
// CHECK-NEXT: constant(3 : i32)
// CHECK-NEXT: constant(2 : i32)
// CHECK-NEXT: constant(32 : i32)
// CHECK-NEXT: constant(32 : i32)
// CHECK-NEXT: constant(1 : i32)
// CHECK: constant(0.000000e+00 : f32)

// CHECK: constant @text.compiler("rwkvc {{[0-9]+\.[0-9]+\.[0-9]+}}\00")
// CHECK: constant @text.architecture("rwkv7\00")
// CHECK: constant @text.triple("some-triple\00")
// CHECK: constant @text.cpu("some-cpu\00")
// CHECK: constant @text.features("avx2,fma\00")
// CHECK: constant @text.formats("emb=f32,other=bf16\00")
// CHECK: constant @text.kernels("gather_0 x1 #kernel.schedule<{{.*}}>\0Agemm_0 x1 64x64 bf16 #kernel.schedule<{{.*}}>\0Ahead x1 48x64 bf16 {{.*}}\0A\00")

// CHECK: constant @tokenizer("ab\00\22\FF")

// Nothing is needed of the host's libraries.
// CHECK: constant @products()
// CHECK-NEXT: zero
// CHECK-NOT: addressof
// CHECK: llvm.return

// CHECK: constant @module()
// CHECK-NEXT: constant(2 : i32)
// CHECK-NEXT: constant(192 : i32)
// CHECK-NEXT: addressof @text.compiler
// CHECK-NEXT: addressof @text.architecture
// CHECK-NEXT: addressof @text.triple
// CHECK-NEXT: addressof @text.cpu
// CHECK-NEXT: addressof @text.features
// CHECK-NEXT: addressof @text.formats
// CHECK-NEXT: addressof @text.kernels
// Layers, channels, heads, head size, ffn width, vocabulary, most rows, slots.
// CHECK-NEXT: constant(3 : i32)
// CHECK-NEXT: constant(64 : i32)
// CHECK-NEXT: constant(2 : i32)
// CHECK-NEXT: constant(32 : i32)
// CHECK-NEXT: constant(200 : i32)
// CHECK-NEXT: constant(48 : i32)
// CHECK-NEXT: constant(7 : i32)
// CHECK-NEXT: constant(2 : i32)
// CHECK-NEXT: addressof @slots
// A sequence's state, a row's activations, all weights, those that a token reads (all but the table).
// CHECK-NEXT: constant(8448 : i64)
// CHECK-NEXT: constant(512 : i64)
// CHECK-NEXT: constant(34816 : i64)
// CHECK-NEXT: constant(14336 : i64)
// 2 * 64 * 64 operations for a row, 2 * 48 * 64 for its logits.
// CHECK-NEXT: constant(8192 : i64)
// CHECK-NEXT: constant(6144 : i64)
// CHECK-NEXT: addressof @step
// The tokenizer and its bytes.
// CHECK-NEXT: addressof @tokenizer
// CHECK-NEXT: constant(5 : i64)
// No weight may be skipped.
// CHECK-NEXT: constant(0 : i64)
// CHECK-NEXT: addressof @products
// CHECK: llvm.return

// CHECK: llvm.func @rwkvc_module_query(%[[MAX:arg0]]: i32) -> !llvm.ptr
// CHECK: %[[SPEAKS:[0-9]+]] = arith.cmpi uge, %[[MAX]], %c2_i32
// CHECK: %[[MODULE:[0-9]+]] = llvm.mlir.addressof @module
// CHECK: %[[NONE:[0-9]+]] = llvm.mlir.zero
// CHECK: llvm.select %[[SPEAKS]], %[[MODULE]], %[[NONE]]

#s = #kernel.schedule<backend = "llvm", panel = 16, tile_rows = 6, tile_columns = 16, block = 64>
!t = tensor<48x64xf32, #weight.layout<"f32", panel = 0>>
!w = tensor<64x64xbf16, #weight.layout<"bf16", panel = 16>>
!h = tensor<48x64xbf16, #weight.layout<"bf16", panel = 16>>
module attributes {rwkv.model = {architecture = "rwkv7", layers = 3 : i64, channels = 64 : i64, heads = 2 : i64, head_size = 32 : i64, ffn_width = 200 : i64, vocabulary = 48 : i64}, rwkv.tokenizer = "ab\00\22\FF"} {
func.func @forward(%tokens: tensor<?xi32> {kernel.place = #kernel.place<tokens, 0>},
                   %wanted: tensor<?xi32> {kernel.place = #kernel.place<wanted, 0>},
                   %a: tensor<64xf32> {kernel.place = #kernel.place<state, 0>, rwkv.state = "layer.0.att.shift", rwkv.initial = 0.5 : f32},
                   %b: tensor<2x32x32xf32> {kernel.place = #kernel.place<state, 256>, rwkv.state = "layer.0.wkv", rwkv.initial = 0.0 : f32})
    -> (tensor<?x48xf32>, tensor<64xf32>, tensor<2x32x32xf32>)
    attributes {kernel.arena_row_bytes = 512 : i64, kernel.state_bytes = 8448 : i64} {
  %t = weight.tensor "t" {place = #kernel.place<weights, 0>} : !t
  %w = weight.tensor "w" {place = #kernel.place<weights, 12288>} : !w
  %h = weight.tensor "h" {place = #kernel.place<weights, 28672>} : !h
  %0 = kernel.parallel {
    %1 = kernel.call @gather_0(%t, %tokens) places [#kernel.place<arena, 0>] : (!t, tensor<?xi32>) -> tensor<?x64xf32>
    kernel.yield %1 : tensor<?x64xf32>
  } -> tensor<?x64xf32>
  %2 = kernel.parallel {
    %3 = kernel.call @gemm_0(%0, %w) places [#kernel.place<arena, 256>] : (tensor<?x64xf32>, !w) -> tensor<?x64xf32>
    kernel.yield %3 : tensor<?x64xf32>
  } -> tensor<?x64xf32>
  %4 = kernel.parallel {
    %5 = kernel.call @head(%2, %h) places [#kernel.place<logits, 0>] : (tensor<?x64xf32>, !h) -> tensor<?x48xf32>
    kernel.yield %5 : tensor<?x48xf32>
  } -> tensor<?x48xf32>
  return %4, %a, %b : tensor<?x48xf32>, tensor<64xf32>, tensor<2x32x32xf32>
}
func.func private @gather_0(%t: !t, %i: tensor<?xi32>) -> tensor<?x64xf32> {
  %0 = kernel.gather %t[%i] schedule #s : !t, tensor<?xi32> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}
func.func private @gemm_0(%x: tensor<?x64xf32>, %w: !w) -> tensor<?x64xf32> {
  %0 = kernel.gemm %x, %w schedule #s {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, !w -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}
func.func private @head(%x: tensor<?x64xf32>, %w: !h) -> tensor<?x48xf32> {
  %0 = kernel.gemm %x, %w schedule #s {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, !h -> tensor<?x48xf32>
  return %0 : tensor<?x48xf32>
}
}
