// RUN: rwkv-opt %s --kernel-split-by-rows | FileCheck %s
// RUN: rwkv-opt %s --kernel-split-by-rows="few=4" | FileCheck %s --check-prefix=FOUR
// RUN: rwkv-opt %s --pass-pipeline="builtin.module(kernel-split-by-rows,func.func(kernel-schedule,kernel-form-parallel),kernel-outline,kernel-plan-memory,rwkv-verify-phase{phase=plan})" | FileCheck %s --check-prefix=PLAN
// One row, a few and many get programs of their own, which read the same weights and write the same states.

// CHECK: func.func @forward_1({{.*}}kernel.most_rows = 1 : i64
// CHECK: weight.tensor "w"
// CHECK: func.func @forward_16({{.*}}kernel.most_rows = 16 : i64
// CHECK: weight.tensor "w"
// CHECK: func.func @forward(
// CHECK-NOT: most_rows
// CHECK: weight.tensor "w"
// FOUR: func.func @forward_4({{.*}}kernel.most_rows = 4 : i64

// PLAN: func.func @forward_1({{.*}}kernel.place = #kernel.place<state, 0>
// PLAN: weight.tensor "w" {place = #kernel.place<weights, 0>}
// PLAN: func.func @forward_16({{.*}}kernel.place = #kernel.place<state, 0>
// PLAN: weight.tensor "w" {place = #kernel.place<weights, 0>}
// PLAN: func.func @forward({{.*}}kernel.place = #kernel.place<state, 0>
// PLAN: weight.tensor "w" {place = #kernel.place<weights, 0>}
// Two gemms, one of them for a few rows and for many, which differ in rounded rows alone, and one scan.
// PLAN: func.func private @gather_0
// PLAN: func.func private @scan_0
// PLAN: func.func private @gemm_0
// PLAN: most_rows = 1>
// PLAN: func.func private @gemm_1
// PLAN-NOT: most_rows
// PLAN-NOT: func.func private
func.func @forward(%tokens: tensor<?xi32>, %wanted: tensor<?xi32>,
                   %s: tensor<64xf32> {rwkv.state = "s", rwkv.initial = 0.0 : f32}) -> (tensor<?x64xf32>, tensor<64xf32>) {
  %w = weight.tensor "w" : tensor<64x64xf32>
  %x = kernel.gather %w[%tokens] : tensor<64x64xf32>, tensor<?xi32> -> tensor<?x64xf32>
  %y, %last = kernel.scan groups 1 rows(%x : tensor<?x64xf32>) states(%s : tensor<64xf32>) {
  ^bb0(%now: tensor<64xf32>, %previous: tensor<64xf32>):
    kernel.yield %previous, %now : tensor<64xf32>, tensor<64xf32>
  } -> tensor<?x64xf32>, tensor<64xf32>
  %z = kernel.gemm %y, %w {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<64x64xf32> -> tensor<?x64xf32>
  return %z, %last : tensor<?x64xf32>, tensor<64xf32>
}
