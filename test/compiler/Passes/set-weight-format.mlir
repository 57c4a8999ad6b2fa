// RUN: rwkv-opt %s --pass-pipeline="builtin.module(func.func(rwkv-set-weight-format{formats=f16}))" | FileCheck %s
// RUN: rwkv-opt %s --pass-pipeline="builtin.module(func.func(rwkv-set-weight-format))" | FileCheck %s --check-prefix=STORED
// RUN: not rwkv-opt %s --pass-pipeline="builtin.module(func.func(rwkv-set-weight-format{formats=f8}))" 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: rwkv-opt %s --pass-pipeline="builtin.module(func.func(rwkv-set-weight-format{formats=f16;lora=q8;att.key=q4;emb=bf16}))" | FileCheck %s --check-prefix=CLASSES
// The matrices of products are stored in the format; everything else, and everything under "stored", as it is.

// UNKNOWN: error: there is no weight format 'f8', only stored, f32, f16, bf16, q8, q4, q8_0, q4_0

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

// Classes go by names in the layer: those of att's low-rank matrices begin as others do.
// CLASSES-LABEL: @classes
func.func @classes(%tokens: tensor<?xi32>) -> tensor<?x32xf32> {
  // CLASSES-DAG: weight.tensor "emb.weight" stored "bf16"
  // CLASSES-DAG: weight.tensor "emb.weight" stored "f16"
  // CLASSES-DAG: weight.tensor "blocks.10.att.key.weight" stored "q4"
  // CLASSES-DAG: weight.tensor "blocks.10.att.value.weight" stored "f16"
  // CLASSES-DAG: weight.tensor "blocks.10.att.v1.t" stored "q8"
  // CLASSES-DAG: weight.tensor "blocks.10.att.time_maa_w1.k" stored "q8"
  // CLASSES-DAG: weight.tensor "blocks.10.att.time_decay_w1.t" stored "q8"
  %t = weight.tensor "emb.weight" : tensor<32x32xbf16>
  %0 = rwkv.embed %t[%tokens] : tensor<32x32xbf16>, tensor<?xi32>
  %key = weight.tensor "blocks.10.att.key.weight" : tensor<32x32xbf16>
  %1 = rwkv.linear %0, %key : tensor<?x32xf32>, tensor<32x32xbf16>
  %value = weight.tensor "blocks.10.att.value.weight" : tensor<32x32xbf16>
  %2 = rwkv.linear %1, %value : tensor<?x32xf32>, tensor<32x32xbf16>
  %v1 = weight.tensor "blocks.10.att.v1.t" : tensor<32x32xbf16>
  %3 = rwkv.linear %2, %v1 : tensor<?x32xf32>, tensor<32x32xbf16>
  %mix = weight.tensor "blocks.10.att.time_maa_w1.k" : tensor<32x32xbf16>
  %4 = rwkv.linear %3, %mix : tensor<?x32xf32>, tensor<32x32xbf16>
  %decay = weight.tensor "blocks.10.att.time_decay_w1.t" : tensor<32x32xbf16>
  %5 = rwkv.linear %4, %decay : tensor<?x32xf32>, tensor<32x32xbf16>
  %6 = rwkv.linear %5, %t : tensor<?x32xf32>, tensor<32x32xbf16>
  return %6 : tensor<?x32xf32>
}
