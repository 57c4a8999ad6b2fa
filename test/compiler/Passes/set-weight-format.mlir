// RUN: rwkv-opt %s --pass-pipeline="builtin.module(func.func(rwkv-set-weight-format{format=f16}))" | FileCheck %s
// RUN: rwkv-opt %s --pass-pipeline="builtin.module(func.func(rwkv-set-weight-format))" | FileCheck %s --check-prefix=STORED
// RUN: not rwkv-opt %s --pass-pipeline="builtin.module(func.func(rwkv-set-weight-format{format=f8}))" 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// The matrices of products are stored in the format; everything else, and everything under "stored", as it is.

// UNKNOWN: error: there is no weight format 'f8', only stored and f32, f16, bf16, q8, q4

// CHECK-LABEL: @linear
// STORED-LABEL: @linear
func.func @linear(%x: tensor<?x64xf32>) -> tensor<?x32xf32> {
  // CHECK: weight.tensor "key" stored "f16" : tensor<32x64xbf16>
  // CHECK: weight.tensor "bias" : tensor<32xbf16>
  // STORED: weight.tensor "key" : tensor<32x64xbf16>
  %w = weight.tensor "key" : tensor<32x64xbf16>
  %b = weight.tensor "bias" : tensor<32xbf16>
  // CHECK: rwkv.linear {{.*}}, tensor<32x64xbf16>, tensor<32xbf16>
  %y = rwkv.linear %x, %w bias %b : tensor<?x64xf32>, tensor<32x64xbf16>, tensor<32xbf16>
  return %y : tensor<?x32xf32>
}

// A table that is both an embedding and a head is stored twice: exactly for the one, in the format for the other.
// CHECK-LABEL: @tied
func.func @tied(%tokens: tensor<?xi32>) -> tensor<?x32xf32> {
  // CHECK-DAG: %[[HEAD:[a-z0-9]+]] = weight.tensor "emb" stored "f16" : tensor<32x64xbf16>
  // CHECK-DAG: %[[TABLE:[a-z0-9]+]] = weight.tensor "emb" : tensor<32x64xbf16>
  %t = weight.tensor "emb" : tensor<32x64xbf16>
  // CHECK: rwkv.embed %[[TABLE]]
  %x = rwkv.embed %t[%tokens] : tensor<32x64xbf16>, tensor<?xi32>
  // CHECK: rwkv.linear %{{[a-z0-9]+}}, %[[HEAD]]
  %y = rwkv.linear %x, %t : tensor<?x64xf32>, tensor<32x64xbf16>
  return %y : tensor<?x32xf32>
}

// CHECK-LABEL: @rounds_after_transforms
func.func @rounds_after_transforms(%x: tensor<?x64xf32>) -> tensor<?x32xf32> {
  // CHECK: weight.tensor "key" transforms [#weight.map<exp>] stored "f16" : tensor<32x64xf32>
  %w = weight.tensor "key" transforms [#weight.map<exp>] : tensor<32x64xf32>
  %y = rwkv.linear %x, %w : tensor<?x64xf32>, tensor<32x64xf32>
  return %y : tensor<?x32xf32>
}
