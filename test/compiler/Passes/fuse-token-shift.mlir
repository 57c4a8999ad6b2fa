// RUN: rwkv-opt %s --rwkv-to-kernel --kernel-fuse-token-shift --split-input-file | FileCheck %s
// A norm, its token shift and every mix of the two rows become one scan; what needs a third row does not join.

// CHECK-LABEL: @norm_shift_mixes
// CHECK: %[[S:[a-z0-9]+]]:3 = kernel.scan groups 1 rows(%arg0 : tensor<?x64xf32>)
// CHECK-SAME: constants(%arg1, %arg2, %arg3, %arg4 :
// CHECK-SAME: states(%arg5 : tensor<64xf32>)
// CHECK-NEXT: ^bb0(%[[X:[a-z0-9]+]]: tensor<64xf32>, %[[W:[a-z0-9]+]]: tensor<64xf32>, %[[B:[a-z0-9]+]]: tensor<64xf32>, %[[M0:[a-z0-9]+]]: tensor<64xf32>, %[[M1:[a-z0-9]+]]: tensor<64xf32>, %[[BEFORE:[a-z0-9]+]]: tensor<64xf32>):
// CHECK: %[[NORMED:[a-z0-9]+]] = math.fma %{{[a-z0-9]+}}, %[[W]], %[[B]]
// The difference of the two rows is computed once.
// CHECK: %[[D:[a-z0-9]+]] = arith.subf %[[BEFORE]], %[[NORMED]]
// CHECK-NOT: arith.subf
// CHECK: %[[Z0:[a-z0-9]+]] = math.fma %[[D]], %[[M0]], %[[NORMED]]
// CHECK: %[[Z1:[a-z0-9]+]] = math.fma %[[D]], %[[M1]], %[[NORMED]]
// CHECK: kernel.yield %[[Z0]], %[[Z1]], %[[NORMED]]
// CHECK-NOT: kernel.scan
// CHECK: return %[[S]]#0, %[[S]]#1, %[[S]]#2
func.func @norm_shift_mixes(%x: tensor<?x64xf32>, %w: tensor<64xf32>, %b: tensor<64xf32>, %m0: tensor<64xf32>,
                            %m1: tensor<64xbf16>, %s: tensor<64xf32>)
    -> (tensor<?x64xf32>, tensor<?x64xf32>, tensor<64xf32>) {
  %n = rwkv.layer_norm %x, %w, %b {eps = 1.0e-5} : tensor<?x64xf32>, tensor<64xf32>, tensor<64xf32>
  %before, %last = rwkv.token_shift %n from %s : tensor<?x64xf32>, tensor<64xf32>
  %z0 = rwkv.lerp %n, %before by %m0 : tensor<?x64xf32>, tensor<64xf32>
  %z1 = rwkv.lerp %n, %before by %m1 : tensor<?x64xf32>, tensor<64xbf16>
  return %z0, %z1, %last : tensor<?x64xf32>, tensor<?x64xf32>, tensor<64xf32>
}

// -----

// The normalised row has a reader outside, so it stays a result; the mix of a product stays where it is.
// CHECK-LABEL: @refuses_a_third_row
// CHECK: %[[S:[a-z0-9]+]]:3 = kernel.scan groups 1 rows(%arg0 : tensor<?x64xf32>)
// CHECK: } -> tensor<?x64xf32>, tensor<?x64xf32>, tensor<64xf32>
// CHECK: %[[G:[a-z0-9]+]] = kernel.gemm %[[S]]#0
// CHECK: kernel.scan groups 1 rows(%[[S]]#0, %[[S]]#1, %[[G]] :
func.func @refuses_a_third_row(%x: tensor<?x64xf32>, %w: tensor<64xf32>, %b: tensor<64xf32>, %v: tensor<64x64xf32>,
                               %s: tensor<64xf32>) -> (tensor<?x64xf32>, tensor<64xf32>) {
  %n = rwkv.layer_norm %x, %w, %b {eps = 1.0e-5} : tensor<?x64xf32>, tensor<64xf32>, tensor<64xf32>
  %before, %last = rwkv.token_shift %n from %s : tensor<?x64xf32>, tensor<64xf32>
  %g = rwkv.linear %n, %v : tensor<?x64xf32>, tensor<64x64xf32>
  %z = rwkv.lerp %n, %before by %g : tensor<?x64xf32>, tensor<?x64xf32>
  return %z, %last : tensor<?x64xf32>, tensor<64xf32>
}

// -----

// A residual sum before the norm belongs to the product that it adds.
// CHECK-LABEL: @refuses_an_elementwise_row
// CHECK: %[[SUM:[a-z0-9]+]] = kernel.scan groups 1 rows(%arg0, %arg1 :
// CHECK: kernel.scan groups 1 rows(%[[SUM]] : tensor<?x64xf32>) states(%arg2
func.func @refuses_an_elementwise_row(%x: tensor<?x64xf32>, %y: tensor<?x64xf32>, %s: tensor<64xf32>)
    -> (tensor<?x64xf32>, tensor<64xf32>) {
  %sum = arith.addf %x, %y : tensor<?x64xf32>
  %before, %last = rwkv.token_shift %sum from %s : tensor<?x64xf32>, tensor<64xf32>
  return %before, %last : tensor<?x64xf32>, tensor<64xf32>
}

// -----

// A norm of groups does not fit a shift of whole rows.
// CHECK-LABEL: @refuses_other_groups
// CHECK: %[[N:[a-z0-9]+]] = kernel.scan groups 2
// CHECK: kernel.scan groups 1 rows(%[[N]] :
func.func @refuses_other_groups(%x: tensor<?x64xf32>, %s: tensor<64xf32>) -> (tensor<?x64xf32>, tensor<64xf32>) {
  %n = rwkv.l2_normalize %x {groups = 2} : tensor<?x64xf32>
  %before, %last = rwkv.token_shift %n from %s : tensor<?x64xf32>, tensor<64xf32>
  return %before, %last : tensor<?x64xf32>, tensor<64xf32>
}

// -----

// Each thread has a part of the state, so a sum over the row cannot be taken over what the state made.
// CHECK-LABEL: @refuses_a_norm_of_the_shifted_row
// CHECK: %[[S:[a-z0-9]+]]:2 = kernel.scan groups 1 rows(%arg0 : tensor<?x64xf32>) states(
// CHECK: kernel.scan groups 1 rows(%[[S]]#0 :
// CHECK: kernel.reduce
func.func @refuses_a_norm_of_the_shifted_row(%x: tensor<?x64xf32>, %w: tensor<64xf32>, %s: tensor<64xf32>)
    -> (tensor<?x64xf32>, tensor<64xf32>) {
  %before, %last = rwkv.token_shift %x from %s : tensor<?x64xf32>, tensor<64xf32>
  %n = rwkv.layer_norm %before, %w, %w {eps = 1.0e-5} : tensor<?x64xf32>, tensor<64xf32>, tensor<64xf32>
  return %n, %last : tensor<?x64xf32>, tensor<64xf32>
}

// -----

// A recurrence is no token shift: its norm and its mixes are for --kernel-fuse-wkv.
// CHECK-LABEL: @refuses_a_recurrence
// CHECK: kernel.scan groups 1
// CHECK: kernel.scan groups 1
// CHECK: kernel.scan groups 1
func.func @refuses_a_recurrence(%x: tensor<?x64xf32>, %w: tensor<64xf32>, %aa: tensor<64xf32>, %bb: tensor<64xf32>,
                                %pp: tensor<64xf32>) -> tensor<?x64xf32> {
  %n = rwkv.layer_norm %x, %w, %w {eps = 1.0e-5} : tensor<?x64xf32>, tensor<64xf32>, tensor<64xf32>
  %0:4 = rwkv.wkv4 %n, %n decay %w bonus %w states %aa, %bb, %pp : tensor<?x64xf32>, tensor<64xf32>, tensor<64xf32>, tensor<64xf32>
  %1 = rwkv.lerp %0#0, %n by %w : tensor<?x64xf32>, tensor<64xf32>
  return %1 : tensor<?x64xf32>
}
