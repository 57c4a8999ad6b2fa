// RUN: rwkv-opt %s --split-input-file --kernel-plan-memory | FileCheck %s
// Every value has a place: weights in the order of their use, states in that of the arguments, activations where the
// arena is free while they live.

!w = tensor<16x16xbf16, #weight.layout<"bf16", panel = 16>>
!w10 = tensor<10x16xbf16, #weight.layout<"bf16", panel = 16>>
!v = tensor<16xbf16, #weight.layout<"f32", panel = 0>>
!v10 = tensor<10xbf16, #weight.layout<"f32", panel = 0>>

// Vectors come before matrices and start at cache lines, of which 10 floats take one; matrices start at pages.
// CHECK-LABEL: @forward
// CHECK-SAME: kernel.place = #kernel.place<tokens, 0>
// CHECK-SAME: kernel.place = #kernel.place<wanted, 0>
// CHECK-SAME: kernel.arena_row_bytes = 128 : i64, kernel.state_bytes = 0 : i64
func.func @forward(%x: tensor<?x16xf32>, %i: tensor<?xi32>) -> tensor<?x16xf32> {
  // CHECK: "matrix 3" {place = #kernel.place<weights, 12288>}
  // CHECK: "matrix 2" {place = #kernel.place<weights, 8192>}
  // CHECK: "matrix 1" {place = #kernel.place<weights, 4096>}
  // CHECK: "vector 3" {place = #kernel.place<weights, 128>}
  // CHECK: "vector 2" {place = #kernel.place<weights, 64>}
  // CHECK: "vector 1" {place = #kernel.place<weights, 0>}
  %w3 = weight.tensor "matrix 3" : !w
  %w2 = weight.tensor "matrix 2" : !w
  %w1 = weight.tensor "matrix 1" : !w10
  %v3 = weight.tensor "vector 3" : !v
  %v2 = weight.tensor "vector 2" : !v
  %v1 = weight.tensor "vector 1" : !v10
  // Values of one region do not overlap.
  // CHECK: kernel.call @narrow({{.*}} places [#kernel.place<arena, 0>]
  // CHECK: kernel.call @wide({{.*}} places [#kernel.place<arena, 64>]
  %0:2 = kernel.parallel {
    %1 = kernel.call @narrow(%x, %w1, %v1) : (tensor<?x16xf32>, !w10, !v10) -> tensor<?x10xf32>
    %2 = kernel.call @wide(%x, %w2, %v2) : (tensor<?x16xf32>, !w, !v) -> tensor<?x16xf32>
    kernel.yield %1, %2 : tensor<?x10xf32>, tensor<?x16xf32>
  } -> tensor<?x10xf32>, tensor<?x16xf32>
  // CHECK: kernel.call @wide({{.*}} places [#kernel.place<logits, 0>]
  %3 = kernel.parallel {
    %4 = kernel.call @wide(%0#1, %w3, %v3) : (tensor<?x16xf32>, !w, !v) -> tensor<?x16xf32>
    kernel.yield %4 : tensor<?x16xf32>
  } -> tensor<?x16xf32>
  return %3 : tensor<?x16xf32>
}
func.func private @wide(%x: tensor<?x16xf32>, %w: !w, %c: !v) -> tensor<?x16xf32> {
  %0 = kernel.gemm %x, %w constants(%c : !v) {
  ^bb0(%acc: f32, %bias: f32):
    kernel.yield %acc : f32
  } : tensor<?x16xf32>, !w -> tensor<?x16xf32>
  return %0 : tensor<?x16xf32>
}
func.func private @narrow(%x: tensor<?x16xf32>, %w: !w10, %c: !v10) -> tensor<?x10xf32> {
  %0 = kernel.gemm %x, %w constants(%c : !v10) {
  ^bb0(%acc: f32, %bias: f32):
    kernel.yield %acc : f32
  } : tensor<?x16xf32>, !w10 -> tensor<?x10xf32>
  return %0 : tensor<?x10xf32>
}

// -----

// States follow each other, each from a cache line on, and their next values go where they were.
// CHECK-LABEL: @forward
// CHECK-SAME: tensor<10xf32> {kernel.place = #kernel.place<state, 0>
// CHECK-SAME: tensor<2x5x5xf32> {kernel.place = #kernel.place<state, 64>
// CHECK-SAME: tensor<10xf32> {kernel.place = #kernel.place<state, 320>
// CHECK-SAME: kernel.state_bytes = 384 : i64
func.func @forward(%x: tensor<?x10xf32>, %i: tensor<?xi32>,
                   %a: tensor<10xf32> {rwkv.state = "a", rwkv.initial = 0.0 : f32},
                   %b: tensor<2x5x5xf32> {rwkv.state = "b", rwkv.initial = 0.0 : f32},
                   %c: tensor<10xf32> {rwkv.state = "c", rwkv.initial = 0.0 : f32})
    -> (tensor<?x10xf32>, tensor<10xf32>, tensor<2x5x5xf32>, tensor<10xf32>) {
  // CHECK: kernel.call @shift(%arg0, %arg4) places [#kernel.place<arena, 0>, #kernel.place<state, 320>]
  // CHECK: kernel.call @matrix(%arg0, %arg3) places [#kernel.place<logits, 0>, #kernel.place<state, 64>]
  // CHECK: kernel.call @shift(%arg0, %arg2) places [#kernel.place<arena, 64>, #kernel.place<state, 0>]
  %0:6 = kernel.parallel {
    %1:2 = kernel.call @shift(%x, %c) : (tensor<?x10xf32>, tensor<10xf32>) -> (tensor<?x10xf32>, tensor<10xf32>)
    %2:2 = kernel.call @matrix(%x, %b) : (tensor<?x10xf32>, tensor<2x5x5xf32>) -> (tensor<?x10xf32>, tensor<2x5x5xf32>)
    %3:2 = kernel.call @shift(%x, %a) : (tensor<?x10xf32>, tensor<10xf32>) -> (tensor<?x10xf32>, tensor<10xf32>)
    kernel.yield %1#0, %1#1, %2#0, %2#1, %3#0, %3#1 : tensor<?x10xf32>, tensor<10xf32>, tensor<?x10xf32>, tensor<2x5x5xf32>, tensor<?x10xf32>, tensor<10xf32>
  } -> tensor<?x10xf32>, tensor<10xf32>, tensor<?x10xf32>, tensor<2x5x5xf32>, tensor<?x10xf32>, tensor<10xf32>
  return %0#2, %0#5, %0#3, %0#1 : tensor<?x10xf32>, tensor<10xf32>, tensor<2x5x5xf32>, tensor<10xf32>
}
func.func private @shift(%x: tensor<?x10xf32>, %s: tensor<10xf32>) -> (tensor<?x10xf32>, tensor<10xf32>) {
  %0:2 = kernel.scan groups 1 rows(%x : tensor<?x10xf32>) states(%s : tensor<10xf32>) {
  ^bb0(%now: tensor<10xf32>, %before: tensor<10xf32>):
    kernel.yield %before, %now : tensor<10xf32>, tensor<10xf32>
  } -> tensor<?x10xf32>, tensor<10xf32>
  return %0#0, %0#1 : tensor<?x10xf32>, tensor<10xf32>
}
func.func private @matrix(%x: tensor<?x10xf32>, %s: tensor<2x5x5xf32>) -> (tensor<?x10xf32>, tensor<2x5x5xf32>) {
  %0:2 = kernel.scan groups 2 rows(%x : tensor<?x10xf32>) states(%s : tensor<2x5x5xf32>) {
  ^bb0(%now: tensor<5xf32>, %old: tensor<5x5xf32>):
    kernel.yield %now, %old : tensor<5xf32>, tensor<5x5xf32>
  } -> tensor<?x10xf32>, tensor<2x5x5xf32>
  return %0#0, %0#1 : tensor<?x10xf32>, tensor<2x5x5xf32>
}

// -----

!w = tensor<16x16xbf16, #weight.layout<"bf16", panel = 16>>

// The residual sum takes the place of the residual, and what is made later that of what died before.
// CHECK-LABEL: @forward
// CHECK-SAME: kernel.arena_row_bytes = 128 : i64
func.func @forward(%x: tensor<?x16xf32>, %i: tensor<?xi32>) -> tensor<?x16xf32> {
  %w = weight.tensor "w" : !w
  // CHECK: kernel.call @map({{.*}} places [#kernel.place<arena, 0>]
  %r0 = kernel.parallel {
    %c00 = kernel.call @map(%x) : (tensor<?x16xf32>) -> tensor<?x16xf32>
    kernel.yield %c00 : tensor<?x16xf32>
  } -> tensor<?x16xf32>
  // CHECK: kernel.call @map({{.*}} places [#kernel.place<arena, 64>]
  %r1 = kernel.parallel {
    %c10 = kernel.call @map(%r0) : (tensor<?x16xf32>) -> tensor<?x16xf32>
    kernel.yield %c10 : tensor<?x16xf32>
  } -> tensor<?x16xf32>
  // CHECK: kernel.call @add({{.*}} places [#kernel.place<arena, 0>]
  %r2 = kernel.parallel {
    %c20 = kernel.call @add(%r1, %w, %r0) : (tensor<?x16xf32>, !w, tensor<?x16xf32>) -> tensor<?x16xf32>
    kernel.yield %c20 : tensor<?x16xf32>
  } -> tensor<?x16xf32>
  // CHECK: kernel.call @map({{.*}} places [#kernel.place<arena, 64>]
  %r3 = kernel.parallel {
    %c30 = kernel.call @map(%r2) : (tensor<?x16xf32>) -> tensor<?x16xf32>
    kernel.yield %c30 : tensor<?x16xf32>
  } -> tensor<?x16xf32>
  // CHECK: kernel.call @add({{.*}} places [#kernel.place<arena, 0>]
  %r4 = kernel.parallel {
    %c40 = kernel.call @add(%r3, %w, %r2) : (tensor<?x16xf32>, !w, tensor<?x16xf32>) -> tensor<?x16xf32>
    kernel.yield %c40 : tensor<?x16xf32>
  } -> tensor<?x16xf32>
  // CHECK: kernel.call @map({{.*}} places [#kernel.place<logits, 0>]
  %r5 = kernel.parallel {
    %c50 = kernel.call @map(%r4) : (tensor<?x16xf32>) -> tensor<?x16xf32>
    kernel.yield %c50 : tensor<?x16xf32>
  } -> tensor<?x16xf32>
  return %r5 : tensor<?x16xf32>
}
func.func private @map(%x: tensor<?x16xf32>) -> tensor<?x16xf32> {
  %0 = kernel.scan groups 1 rows(%x : tensor<?x16xf32>) {
  ^bb0(%a: tensor<16xf32>):
    kernel.yield %a : tensor<16xf32>
  } -> tensor<?x16xf32>
  return %0 : tensor<?x16xf32>
}
func.func private @add(%x: tensor<?x16xf32>, %w: !w, %old: tensor<?x16xf32>) -> tensor<?x16xf32> {
  %0 = kernel.gemm %x, %w rows(%old : tensor<?x16xf32>) {
  ^bb0(%acc: f32, %a: f32):
    %sum = arith.addf %acc, %a : f32
    kernel.yield %sum : f32
  } : tensor<?x16xf32>, !w -> tensor<?x16xf32>
  return %0 : tensor<?x16xf32>
}

// -----

!w = tensor<16x16xbf16, #weight.layout<"bf16", panel = 16>>

// Another kernel of the region may read the residual after it would be overwritten.
// CHECK-LABEL: @forward
// CHECK-SAME: kernel.arena_row_bytes = 256 : i64
func.func @forward(%x: tensor<?x16xf32>, %i: tensor<?xi32>) -> tensor<?x16xf32> {
  %w = weight.tensor "w" : !w
  // CHECK: kernel.call @map({{.*}} places [#kernel.place<arena, 0>]
  %r0 = kernel.parallel {
    %c00 = kernel.call @map(%x) : (tensor<?x16xf32>) -> tensor<?x16xf32>
    kernel.yield %c00 : tensor<?x16xf32>
  } -> tensor<?x16xf32>
  // CHECK: kernel.call @map({{.*}} places [#kernel.place<arena, 64>]
  %r1 = kernel.parallel {
    %c10 = kernel.call @map(%r0) : (tensor<?x16xf32>) -> tensor<?x16xf32>
    kernel.yield %c10 : tensor<?x16xf32>
  } -> tensor<?x16xf32>
  // CHECK: kernel.call @add({{.*}} places [#kernel.place<arena, 128>]
  // CHECK: kernel.call @map({{.*}} places [#kernel.place<arena, 192>]
  %r2:2 = kernel.parallel {
    %c20 = kernel.call @add(%r1, %w, %r0) : (tensor<?x16xf32>, !w, tensor<?x16xf32>) -> tensor<?x16xf32>
    %c21 = kernel.call @map(%r0) : (tensor<?x16xf32>) -> tensor<?x16xf32>
    kernel.yield %c20, %c21 : tensor<?x16xf32>, tensor<?x16xf32>
  } -> tensor<?x16xf32>, tensor<?x16xf32>
  // CHECK: kernel.call @add({{.*}} places [#kernel.place<arena, 192>]
  %r3 = kernel.parallel {
    %c30 = kernel.call @add(%r2#0, %w, %r2#1) : (tensor<?x16xf32>, !w, tensor<?x16xf32>) -> tensor<?x16xf32>
    kernel.yield %c30 : tensor<?x16xf32>
  } -> tensor<?x16xf32>
  // CHECK: kernel.call @map({{.*}} places [#kernel.place<logits, 0>]
  %r4 = kernel.parallel {
    %c40 = kernel.call @map(%r3) : (tensor<?x16xf32>) -> tensor<?x16xf32>
    kernel.yield %c40 : tensor<?x16xf32>
  } -> tensor<?x16xf32>
  return %r4 : tensor<?x16xf32>
}
func.func private @map(%x: tensor<?x16xf32>) -> tensor<?x16xf32> {
  %0 = kernel.scan groups 1 rows(%x : tensor<?x16xf32>) {
  ^bb0(%a: tensor<16xf32>):
    kernel.yield %a : tensor<16xf32>
  } -> tensor<?x16xf32>
  return %0 : tensor<?x16xf32>
}
func.func private @add(%x: tensor<?x16xf32>, %w: !w, %old: tensor<?x16xf32>) -> tensor<?x16xf32> {
  %0 = kernel.gemm %x, %w rows(%old : tensor<?x16xf32>) {
  ^bb0(%acc: f32, %a: f32):
    %sum = arith.addf %acc, %a : f32
    kernel.yield %sum : f32
  } : tensor<?x16xf32>, !w -> tensor<?x16xf32>
  return %0 : tensor<?x16xf32>
}

// -----

!w = tensor<16x16xbf16, #weight.layout<"bf16", panel = 16>>

// The residual is read again in a later region.
// CHECK-LABEL: @forward
// CHECK-SAME: kernel.arena_row_bytes = 192 : i64
func.func @forward(%x: tensor<?x16xf32>, %i: tensor<?xi32>) -> tensor<?x16xf32> {
  %w = weight.tensor "w" : !w
  // CHECK: kernel.call @map({{.*}} places [#kernel.place<arena, 0>]
  %r0 = kernel.parallel {
    %c00 = kernel.call @map(%x) : (tensor<?x16xf32>) -> tensor<?x16xf32>
    kernel.yield %c00 : tensor<?x16xf32>
  } -> tensor<?x16xf32>
  // CHECK: kernel.call @map({{.*}} places [#kernel.place<arena, 64>]
  %r1 = kernel.parallel {
    %c10 = kernel.call @map(%r0) : (tensor<?x16xf32>) -> tensor<?x16xf32>
    kernel.yield %c10 : tensor<?x16xf32>
  } -> tensor<?x16xf32>
  // CHECK: kernel.call @add({{.*}} places [#kernel.place<arena, 128>]
  %r2 = kernel.parallel {
    %c20 = kernel.call @add(%r1, %w, %r0) : (tensor<?x16xf32>, !w, tensor<?x16xf32>) -> tensor<?x16xf32>
    kernel.yield %c20 : tensor<?x16xf32>
  } -> tensor<?x16xf32>
  // CHECK: kernel.call @add({{.*}} places [#kernel.place<arena, 0>]
  %r3 = kernel.parallel {
    %c30 = kernel.call @add(%r2, %w, %r0) : (tensor<?x16xf32>, !w, tensor<?x16xf32>) -> tensor<?x16xf32>
    kernel.yield %c30 : tensor<?x16xf32>
  } -> tensor<?x16xf32>
  // CHECK: kernel.call @map({{.*}} places [#kernel.place<logits, 0>]
  %r4 = kernel.parallel {
    %c40 = kernel.call @map(%r3) : (tensor<?x16xf32>) -> tensor<?x16xf32>
    kernel.yield %c40 : tensor<?x16xf32>
  } -> tensor<?x16xf32>
  return %r4 : tensor<?x16xf32>
}
func.func private @map(%x: tensor<?x16xf32>) -> tensor<?x16xf32> {
  %0 = kernel.scan groups 1 rows(%x : tensor<?x16xf32>) {
  ^bb0(%a: tensor<16xf32>):
    kernel.yield %a : tensor<16xf32>
  } -> tensor<?x16xf32>
  return %0 : tensor<?x16xf32>
}
func.func private @add(%x: tensor<?x16xf32>, %w: !w, %old: tensor<?x16xf32>) -> tensor<?x16xf32> {
  %0 = kernel.gemm %x, %w rows(%old : tensor<?x16xf32>) {
  ^bb0(%acc: f32, %a: f32):
    %sum = arith.addf %acc, %a : f32
    kernel.yield %sum : f32
  } : tensor<?x16xf32>, !w -> tensor<?x16xf32>
  return %0 : tensor<?x16xf32>
}

// -----

!w = tensor<16x16xbf16, #weight.layout<"bf16", panel = 16>>

// A row of inputs is read until its last output is made.
// CHECK-LABEL: @forward
// CHECK-SAME: kernel.arena_row_bytes = 128 : i64
func.func @forward(%x: tensor<?x16xf32>, %i: tensor<?xi32>) -> tensor<?x16xf32> {
  %w = weight.tensor "w" : !w
  // CHECK: kernel.call @map({{.*}} places [#kernel.place<arena, 0>]
  %r0 = kernel.parallel {
    %c00 = kernel.call @map(%x) : (tensor<?x16xf32>) -> tensor<?x16xf32>
    kernel.yield %c00 : tensor<?x16xf32>
  } -> tensor<?x16xf32>
  // CHECK: kernel.call @add({{.*}} places [#kernel.place<arena, 64>]
  %r1 = kernel.parallel {
    %c10 = kernel.call @add(%r0, %w, %r0) : (tensor<?x16xf32>, !w, tensor<?x16xf32>) -> tensor<?x16xf32>
    kernel.yield %c10 : tensor<?x16xf32>
  } -> tensor<?x16xf32>
  // CHECK: kernel.call @map({{.*}} places [#kernel.place<logits, 0>]
  %r2 = kernel.parallel {
    %c20 = kernel.call @map(%r1) : (tensor<?x16xf32>) -> tensor<?x16xf32>
    kernel.yield %c20 : tensor<?x16xf32>
  } -> tensor<?x16xf32>
  return %r2 : tensor<?x16xf32>
}
func.func private @map(%x: tensor<?x16xf32>) -> tensor<?x16xf32> {
  %0 = kernel.scan groups 1 rows(%x : tensor<?x16xf32>) {
  ^bb0(%a: tensor<16xf32>):
    kernel.yield %a : tensor<16xf32>
  } -> tensor<?x16xf32>
  return %0 : tensor<?x16xf32>
}
func.func private @add(%x: tensor<?x16xf32>, %w: !w, %old: tensor<?x16xf32>) -> tensor<?x16xf32> {
  %0 = kernel.gemm %x, %w rows(%old : tensor<?x16xf32>) {
  ^bb0(%acc: f32, %a: f32):
    %sum = arith.addf %acc, %a : f32
    kernel.yield %sum : f32
  } : tensor<?x16xf32>, !w -> tensor<?x16xf32>
  return %0 : tensor<?x16xf32>
}
