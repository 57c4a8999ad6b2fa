// RUN: rwkv-opt %s --pass-pipeline="builtin.module(rwkv-verify-phase{phase=import},func.func(rwkv-fold-weights),rwkv-verify-phase{phase=fold},func.func(rwkv-to-kernel),rwkv-verify-phase{phase=kernel},func.func(kernel-fuse-token-shift,kernel-fuse-wkv,kernel-fuse-epilogue),rwkv-verify-phase{phase=fuse})" | FileCheck %s
// RUN: rwkv-opt %s --pass-pipeline="builtin.module(func.func(rwkv-fold-weights,rwkv-to-kernel,kernel-schedule),rwkv-verify-phase{phase=schedule},func.func(kernel-form-parallel),kernel-outline,rwkv-verify-phase{phase=parallel},kernel-plan-memory,rwkv-verify-phase{phase=plan})" | FileCheck %s --check-prefix=PLAN
// A small model keeps the promise of every phase.

// PLAN-LABEL: func.func @forward
// PLAN: kernel.parallel
// PLAN: func.func private

// CHECK-LABEL: func.func @forward
// CHECK: weight.tensor
// CHECK-NOT: rwkv.{{[a-z]+}} %
func.func @forward(%tokens: tensor<?xi32>, %wanted: tensor<?xi32>,
                   %s: tensor<64xf32> {rwkv.state = "layer.0.att.shift", rwkv.initial = 0.0 : f32})
    -> (tensor<?x16xf32>, tensor<64xf32>) {
  %t = weight.tensor "emb" : tensor<16x64xbf16>
  %m = weight.tensor "mix" : tensor<64xbf16>
  %x = rwkv.embed %t[%tokens] : tensor<16x64xbf16>, tensor<?xi32>
  %before, %last = rwkv.token_shift %x from %s : tensor<?x64xf32>, tensor<64xf32>
  %z = rwkv.lerp %x, %before by %m : tensor<?x64xf32>, tensor<64xbf16>
  %y = rwkv.take_rows %z[%wanted] : tensor<?x64xf32>, tensor<?xi32>
  %logits = rwkv.linear %y, %t : tensor<?x64xf32>, tensor<16x64xbf16>
  return %logits, %last : tensor<?x16xf32>, tensor<64xf32>
}
