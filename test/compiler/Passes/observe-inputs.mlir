// RUN: rwkv-opt %s --pass-pipeline="builtin.module(func.func(kernel-observe-inputs))" | FileCheck %s
// RUN: rwkv-opt %s --pass-pipeline="builtin.module(func.func(kernel-observe-inputs{block=16}))" | FileCheck %s --check-prefix=SMALL

// Gemms that read the same rows share a state. What only picked rows reach is made of all rows again, beside it.
// CHECK-LABEL: func.func @forward
// CHECK-SAME: tensor<1x64x64xf32> {rwkv.initial = 0.000000e+00 : f32, rwkv.state = "inputs of key value"}
// CHECK-SAME: tensor<2x48x48xf32> {rwkv.initial = 0.000000e+00 : f32, rwkv.state = "inputs of head"}
// CHECK-SAME: -> (tensor<?x8xf32>, tensor<96xf32>, tensor<1x64x64xf32>, tensor<2x48x48xf32>)
// CHECK: %[[ROWS:.*]]:2 = kernel.scan groups 1 rows(%{{.*}}, %{{.*}} : tensor<?x96xf32>, tensor<?x96xf32>)
// CHECK: kernel.gather %[[ROWS]]#0[%arg1]
// CHECK: kernel.gemm
// CHECK: %[[XX:.*]] = kernel.scan groups 1 rows(%[[X:.*]] : tensor<?x64xf32>) states(%arg3 : tensor<1x64x64xf32>) {
// CHECK-NEXT: ^bb0(%[[V:.*]]: tensor<64xf32>, %[[S:.*]]: tensor<64x64xf32>):
// CHECK-NEXT: %[[C:.*]] = kernel.broadcast %[[V]] along columns
// CHECK-NEXT: %[[R:.*]] = kernel.broadcast %[[V]] along rows
// CHECK-NEXT: %[[P:.*]] = arith.mulf %[[C]], %[[R]]
// CHECK-NEXT: %[[N:.*]] = arith.addf %[[S]], %[[P]]
// CHECK-NEXT: kernel.yield %[[N]]
// CHECK: %[[NORM:.*]] = kernel.scan groups 1 rows(%[[ROWS]]#0 : tensor<?x96xf32>) {
// CHECK: kernel.scan groups 2 rows(%[[NORM]] : tensor<?x96xf32>) states(%arg4 : tensor<2x48x48xf32>)
// CHECK: return %{{.*}}, %[[ROWS]]#1, %[[XX]], %
// SMALL: tensor<4x16x16xf32>
// SMALL-SAME: tensor<6x16x16xf32>
func.func @forward(%tokens: tensor<?xi32>, %wanted: tensor<?xi32>,
                   %s: tensor<96xf32> {rwkv.state = "shift", rwkv.initial = 0.0 : f32})
    -> (tensor<?x8xf32>, tensor<96xf32>) {
  %table = weight.tensor "emb" : tensor<8x64xf32>
  %key = weight.tensor "key" : tensor<96x64xf32>
  %value = weight.tensor "value" : tensor<96x64xf32>
  %head = weight.tensor "head" : tensor<8x96xf32>
  %x = kernel.gather %table[%tokens] : tensor<8x64xf32>, tensor<?xi32> -> tensor<?x64xf32>
  %k = kernel.gemm %x, %key {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<96x64xf32> -> tensor<?x96xf32>
  %v = kernel.gemm %x, %value {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<96x64xf32> -> tensor<?x96xf32>
  %sum, %next = kernel.scan groups 1 rows(%k, %v : tensor<?x96xf32>, tensor<?x96xf32>) states(%s : tensor<96xf32>) {
  ^bb0(%a: tensor<96xf32>, %b: tensor<96xf32>, %before: tensor<96xf32>):
    %c = arith.addf %a, %before : tensor<96xf32>
    kernel.yield %c, %b : tensor<96xf32>, tensor<96xf32>
  } -> tensor<?x96xf32>, tensor<96xf32>
  %picked = kernel.gather %sum[%wanted] : tensor<?x96xf32>, tensor<?xi32> -> tensor<?x96xf32>
  %norm = kernel.scan groups 1 rows(%picked : tensor<?x96xf32>) {
  ^bb0(%a: tensor<96xf32>):
    %c = arith.addf %a, %a : tensor<96xf32>
    kernel.yield %c : tensor<96xf32>
  } -> tensor<?x96xf32>
  %logits = kernel.gemm %norm, %head {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x96xf32>, tensor<8x96xf32> -> tensor<?x8xf32>
  return %logits, %next : tensor<?x8xf32>, tensor<96xf32>
}
