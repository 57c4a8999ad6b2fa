// RUN: rwkv-opt %s --rwkv-to-kernel --kernel-fuse-wkv --split-input-file | FileCheck %s
// A recurrence takes in the row-wise work before and after it, in its own groups, until only others' work is left.

// The decay, the norm of each head, its gate and the gate's activation: four scans before, none after.
// CHECK-LABEL: @heads
// CHECK: %[[S:[a-z0-9]+]]:2 = kernel.scan groups 4
// CHECK-SAME: states(%arg7 : tensor<4x16x16xf32>)
// CHECK: math.exp %{{[a-z0-9]+}} : tensor<16xf32>
// CHECK-NOT: tensor<64xf32>
// CHECK: kernel.reduce add %{{[a-z0-9]+}} over rows : tensor<16x16xf32> -> tensor<16xf32>
// CHECK: kernel.reduce add %{{[a-z0-9]+}} over all : tensor<16xf32> -> f32
// CHECK: kernel.yield
// CHECK-NOT: kernel.scan
// CHECK: return %[[S]]#0, %[[S]]#1
func.func @heads(%r: tensor<?x64xf32>, %k: tensor<?x64xf32>, %v: tensor<?x64xf32>, %d: tensor<?x64xf32>,
                 %gate: tensor<?x64xf32>, %u: tensor<64xbf16>, %n: tensor<64xbf16>, %s: tensor<4x16x16xf32>)
    -> (tensor<?x64xf32>, tensor<4x16x16xf32>) {
  %w = rwkv.activate exp_neg_exp %d : tensor<?x64xf32>
  %0:2 = rwkv.wkv6 %r, %w, %k, %v bonus %u state %s : tensor<?x64xf32>, tensor<64xbf16>, tensor<4x16x16xf32>
  %1 = rwkv.group_norm %0#0, %n, %n {eps = 6.4e-4, groups = 4} : tensor<?x64xf32>, tensor<64xbf16>, tensor<64xbf16>
  %2 = rwkv.activate silu %gate : tensor<?x64xf32>
  %3 = arith.mulf %1, %2 : tensor<?x64xf32>
  return %3, %0#1 : tensor<?x64xf32>, tensor<4x16x16xf32>
}

// -----

// RWKV-4: channels do not see each other, so the groups are those of whole rows.
// CHECK-LABEL: @channels
// CHECK: %[[S:[a-z0-9]+]]:4 = kernel.scan groups 1
// CHECK-SAME: states(%arg5, %arg6, %arg7 :
// CHECK-NOT: kernel.scan
// CHECK: return %[[S]]#0, %[[S]]#1, %[[S]]#2, %[[S]]#3
func.func @channels(%r: tensor<?x64xf32>, %k: tensor<?x64xf32>, %v: tensor<?x64xf32>, %w: tensor<64xf32>,
                    %u: tensor<64xf32>, %aa: tensor<64xf32>, %bb: tensor<64xf32>, %pp: tensor<64xf32>)
    -> (tensor<?x64xf32>, tensor<64xf32>, tensor<64xf32>, tensor<64xf32>) {
  %0:4 = rwkv.wkv4 %k, %v decay %w bonus %u states %aa, %bb, %pp : tensor<?x64xf32>, tensor<64xf32>, tensor<64xf32>, tensor<64xf32>
  %1 = rwkv.activate sigmoid %r : tensor<?x64xf32>
  %2 = arith.mulf %1, %0#0 : tensor<?x64xf32>
  return %2, %0#1, %0#2, %0#3 : tensor<?x64xf32>, tensor<64xf32>, tensor<64xf32>, tensor<64xf32>
}

// -----

// Ops between the two that need the recurrence's state move behind the merged scan.
// CHECK-LABEL: @moves_what_stands_between
// CHECK: %[[G:[a-z0-9]+]] = kernel.gemm %arg0
// CHECK: %[[S:[a-z0-9]+]]:2 = kernel.scan groups 4 rows(%arg0, %[[G]] :
// CHECK: return %[[S]]#0, %[[S]]#1
func.func @moves_what_stands_between(%x: tensor<?x64xf32>, %w: tensor<64x64xf32>, %u: tensor<64xf32>,
                                     %s: tensor<4x16x16xf32>) -> (tensor<?x64xf32>, tensor<4x16x16xf32>) {
  %0:2 = rwkv.wkv5 %x, %x, %x decay %u bonus %u state %s : tensor<?x64xf32>, tensor<64xf32>, tensor<64xf32>, tensor<4x16x16xf32>
  %gate = rwkv.linear %x, %w : tensor<?x64xf32>, tensor<64x64xf32>
  %1 = arith.mulf %0#0, %gate : tensor<?x64xf32>
  return %1, %0#1 : tensor<?x64xf32>, tensor<4x16x16xf32>
}

// -----

// What another kernel reads too is not computed twice.
// CHECK-LABEL: @refuses_second_user
// CHECK: %[[E:[a-z0-9]+]] = kernel.scan groups 1 rows(%arg0 :
// CHECK: %[[S:[a-z0-9]+]]:2 = kernel.scan groups 4 rows(%[[E]], %[[E]], %[[E]] :
// CHECK: return %[[S]]#0, %[[E]]
func.func @refuses_second_user(%x: tensor<?x64xf32>, %u: tensor<64xf32>, %s: tensor<4x16x16xf32>)
    -> (tensor<?x64xf32>, tensor<?x64xf32>) {
  %e = rwkv.activate exp %x : tensor<?x64xf32>
  %0:2 = rwkv.wkv5 %e, %e, %e decay %u bonus %u state %s : tensor<?x64xf32>, tensor<64xf32>, tensor<64xf32>, tensor<4x16x16xf32>
  return %0#0, %e : tensor<?x64xf32>, tensor<?x64xf32>
}

// -----

// CHECK-LABEL: @refuses_second_user_of_the_output
// CHECK: %[[S:[a-z0-9]+]]:2 = kernel.scan groups 4
// CHECK: kernel.scan groups 1 rows(%[[S]]#0
func.func @refuses_second_user_of_the_output(%x: tensor<?x64xf32>, %u: tensor<64xf32>, %s: tensor<4x16x16xf32>)
    -> (tensor<?x64xf32>, tensor<?x64xf32>) {
  %0:2 = rwkv.wkv5 %x, %x, %x decay %u bonus %u state %s : tensor<?x64xf32>, tensor<64xf32>, tensor<64xf32>, tensor<4x16x16xf32>
  %e = rwkv.activate exp %0#0 : tensor<?x64xf32>
  return %0#0, %e : tensor<?x64xf32>, tensor<?x64xf32>
}

// -----

// A norm of whole rows needs all heads.
// CHECK-LABEL: @refuses_other_groups
// CHECK: %[[S:[a-z0-9]+]]:2 = kernel.scan groups 4
// CHECK: kernel.scan groups 1 rows(%[[S]]#0
func.func @refuses_other_groups(%x: tensor<?x64xf32>, %u: tensor<64xf32>, %s: tensor<4x16x16xf32>) -> tensor<?x64xf32> {
  %0:2 = rwkv.wkv5 %x, %x, %x decay %u bonus %u state %s : tensor<?x64xf32>, tensor<64xf32>, tensor<64xf32>, tensor<4x16x16xf32>
  %n = rwkv.layer_norm %0#0, %u, %u {eps = 1.0e-5} : tensor<?x64xf32>, tensor<64xf32>, tensor<64xf32>
  return %n : tensor<?x64xf32>
}

// -----

// The gate is computed from the output: merging would close a cycle through the product.
// CHECK-LABEL: @refuses_a_cycle
// CHECK: %[[S:[a-z0-9]+]]:3 = kernel.scan groups 4
// CHECK: %[[G:[a-z0-9]+]] = kernel.gemm %[[S]]#1
// CHECK: kernel.scan groups 1 rows(%[[S]]#0, %[[G]] :
func.func @refuses_a_cycle(%x: tensor<?x64xf32>, %w: tensor<64x64xf32>, %u: tensor<64xf32>, %s: tensor<4x16x16xf32>)
    -> (tensor<?x64xf32>, tensor<4x16x16xf32>) {
  %0:3 = kernel.scan groups 4 rows(%x : tensor<?x64xf32>) states(%s : tensor<4x16x16xf32>) {
  ^bb0(%a: tensor<16xf32>, %m: tensor<16x16xf32>):
    %wide = kernel.broadcast %a along rows : tensor<16xf32> -> tensor<16x16xf32>
    %next = arith.mulf %m, %wide : tensor<16x16xf32>
    %out = kernel.reduce add %next over rows : tensor<16x16xf32> -> tensor<16xf32>
    %max = kernel.reduce max %next over rows : tensor<16x16xf32> -> tensor<16xf32>
    kernel.yield %out, %max, %next : tensor<16xf32>, tensor<16xf32>, tensor<16x16xf32>
  } -> tensor<?x64xf32>, tensor<?x64xf32>, tensor<4x16x16xf32>
  %gate = rwkv.linear %0#1, %w : tensor<?x64xf32>, tensor<64x64xf32>
  %1 = arith.mulf %0#0, %gate : tensor<?x64xf32>
  return %1, %0#2 : tensor<?x64xf32>, tensor<4x16x16xf32>
}

// -----

// A model of one head has one group, and a matrix is never shared by threads: its norm may sum over what the state made.
// CHECK-LABEL: @one_head
// CHECK: %[[S:[a-z0-9]+]]:2 = kernel.scan groups 1 rows(%arg0 : tensor<?x16xf32>) constants(%arg1 : tensor<16xf32>) states(%arg2 : tensor<1x16x16xf32>)
// CHECK-NOT: kernel.scan
// CHECK: return %[[S]]#0, %[[S]]#1
func.func @one_head(%x: tensor<?x16xf32>, %u: tensor<16xf32>, %s: tensor<1x16x16xf32>) -> (tensor<?x16xf32>, tensor<1x16x16xf32>) {
  %0:2 = rwkv.wkv5 %x, %x, %x decay %u bonus %u state %s : tensor<?x16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<1x16x16xf32>
  %1 = rwkv.group_norm %0#0, %u, %u {eps = 6.4e-4, groups = 1} : tensor<?x16xf32>, tensor<16xf32>, tensor<16xf32>
  return %1, %0#1 : tensor<?x16xf32>, tensor<1x16x16xf32>
}
