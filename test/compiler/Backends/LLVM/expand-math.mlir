// RUN: rwkv-opt %s --kernel-expand-math | FileCheck %s
// exp and tanh of floats become arithmetic, of vectors and scalars alike; other types are left.

// CHECK-LABEL: @vector_exp
// CHECK-NOT: math.exp
// CHECK: math.fma {{.*}} : vector<16xf32>
// CHECK-NOT: math.exp
// CHECK: return
llvm.func @vector_exp(%x: vector<16xf32>) -> vector<16xf32> {
  %0 = math.exp %x : vector<16xf32>
  llvm.return %0 : vector<16xf32>
}

// CHECK-LABEL: @scalar_tanh
// CHECK-NOT: math.{{exp|tanh}}
// CHECK: math.fma {{.*}} : f32
// CHECK-NOT: math.{{exp|tanh}}
// CHECK: return
llvm.func @scalar_tanh(%x: f32) -> f32 {
  %0 = math.tanh %x : f32
  llvm.return %0 : f32
}

// CHECK-LABEL: @double_exp
// CHECK: math.exp {{.*}} : f64
llvm.func @double_exp(%x: f64) -> f64 {
  %0 = math.exp %x : f64
  llvm.return %0 : f64
}
