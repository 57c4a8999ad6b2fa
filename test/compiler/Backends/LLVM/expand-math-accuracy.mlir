// RUN: rwkv-opt %s --kernel-expand-math --convert-vector-to-llvm --convert-math-to-llvm --convert-arith-to-llvm --reconcile-unrealized-casts \
// RUN:   | mlir-translate --mlir-to-llvmir -o %t.ll
// RUN: clang -O2 -march=native -ffp-contract=off -Wno-override-module %t.ll %S/Inputs/accuracy.c -lm -o %t.out
// RUN: %t.out | FileCheck %s
// exp within 2 ulp and tanh within 4e-7 of the exact value, the same in every lane; out of range is 0 and infinity.

// CHECK: exp: {{.*}}, good
// CHECK: tanh: {{.*}}, good
// CHECK: lanes that differ from scalars: 0
// CHECK: exp of -87.34 0, -1000 0, -inf 0, 88.38 inf, 1000 inf, inf inf, nan is nan 1
// CHECK: tanh of -inf -1, -50 -1, 0 0, 50 1, inf 1, nan is nan 1
// CHECK: next to the ends: 1 1

llvm.func @exp1(%x: f32) -> f32 {
  %0 = math.exp %x : f32
  llvm.return %0 : f32
}
llvm.func @tanh1(%x: f32) -> f32 {
  %0 = math.tanh %x : f32
  llvm.return %0 : f32
}
llvm.func @exp16(%x: !llvm.ptr, %y: !llvm.ptr) {
  %0 = llvm.load %x {alignment = 4 : i64} : !llvm.ptr -> vector<16xf32>
  %1 = math.exp %0 : vector<16xf32>
  llvm.store %1, %y {alignment = 4 : i64} : vector<16xf32>, !llvm.ptr
  llvm.return
}
llvm.func @tanh16(%x: !llvm.ptr, %y: !llvm.ptr) {
  %0 = llvm.load %x {alignment = 4 : i64} : !llvm.ptr -> vector<16xf32>
  %1 = math.tanh %0 : vector<16xf32>
  llvm.store %1, %y {alignment = 4 : i64} : vector<16xf32>, !llvm.ptr
  llvm.return
}
