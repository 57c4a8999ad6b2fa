// RUN: rwkv-opt %s --split-input-file --rwkv-fold-weights | FileCheck %s
// What depends on weights alone becomes a transform of the weight; nothing else changes.

// CHECK-LABEL: @decay
func.func @decay() -> (tensor<64xf32>, tensor<64xf32>, tensor<64xf32>) {
  %w = weight.tensor "decay" : tensor<64xbf16>
  // CHECK-DAG: %[[EXP:[a-z0-9]+]] = weight.tensor "decay" transforms [#weight.map<exp>] : tensor<64xf32>
  // CHECK-DAG: %[[NEG:[a-z0-9]+]] = weight.tensor "decay" transforms [#weight.map<neg_exp>] : tensor<64xf32>
  // CHECK-DAG: %[[BOTH:[a-z0-9]+]] = weight.tensor "decay" transforms [#weight.map<exp_neg_exp>] : tensor<64xf32>
  %0 = rwkv.activate exp %w : tensor<64xbf16>
  %1 = rwkv.activate neg_exp %w : tensor<64xbf16>
  %2 = rwkv.activate exp_neg_exp %w : tensor<64xbf16>
  // CHECK: return %[[EXP]], %[[NEG]], %[[BOTH]]
  return %0, %1, %2 : tensor<64xf32>, tensor<64xf32>, tensor<64xf32>
}

// -----

// Transforms are applied in the order in which the ops were.
// CHECK-LABEL: @decay_twice
func.func @decay_twice() -> tensor<64xf32> {
  %w = weight.tensor "decay" : tensor<64xbf16>
  %0 = rwkv.activate neg_exp %w : tensor<64xbf16>
  // CHECK: weight.tensor "decay" transforms [#weight.map<neg_exp>, #weight.map<exp>] : tensor<64xf32>
  %1 = rwkv.activate exp %0 : tensor<64xf32>
  return %1 : tensor<64xf32>
}

// -----

// CHECK-LABEL: @decay_refuses_other_functions
func.func @decay_refuses_other_functions() -> tensor<64xf32> {
  %w = weight.tensor "decay" : tensor<64xbf16>
  // CHECK: rwkv.activate sigmoid
  %0 = rwkv.activate sigmoid %w : tensor<64xbf16>
  return %0 : tensor<64xf32>
}

// -----

// CHECK-LABEL: @activation_of_rows_stays
func.func @activation_of_rows_stays(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
  // CHECK: rwkv.activate exp %
  %0 = rwkv.activate exp %x : tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// -----

// The table may be stored once more for its other user: rows of a table cost nothing to read.
// CHECK-LABEL: @embedding
func.func @embedding(%tokens: tensor<?xi32>) -> (tensor<?x64xf32>, tensor<16x64xbf16>) {
  %table = weight.tensor "emb" : tensor<16x64xbf16>
  %scale = weight.tensor "ln0.weight" : tensor<64xbf16>
  %offset = weight.tensor "ln0.bias" : tensor<64xbf16>
  // CHECK-DAG: %[[TABLE:[a-z0-9]+]] = weight.tensor "emb" : tensor<16x64xbf16>
  // CHECK-DAG: %[[NORMED:[a-z0-9]+]] = weight.tensor "emb" transforms [#weight.layer_norm<"ln0.weight", "ln0.bias", 1.000000e-05 : f64>] : tensor<16x64xf32>
  // CHECK: %[[X:[a-z0-9]+]] = rwkv.embed %[[NORMED]]
  %e = rwkv.embed %table[%tokens] : tensor<16x64xbf16>, tensor<?xi32>
  %x = rwkv.layer_norm %e, %scale, %offset {eps = 1.0e-5} : tensor<?x64xf32>, tensor<64xbf16>, tensor<64xbf16>
  // CHECK-NOT: rwkv.layer_norm
  // CHECK: return %[[X]], %[[TABLE]]
  return %x, %table : tensor<?x64xf32>, tensor<16x64xbf16>
}

// -----

// CHECK-LABEL: @embedding_refuses_second_user
func.func @embedding_refuses_second_user(%tokens: tensor<?xi32>) -> (tensor<?x64xf32>, tensor<?x64xf32>) {
  %table = weight.tensor "emb" : tensor<16x64xbf16>
  %scale = weight.tensor "ln0.weight" : tensor<64xbf16>
  %offset = weight.tensor "ln0.bias" : tensor<64xbf16>
  %e = rwkv.embed %table[%tokens] : tensor<16x64xbf16>, tensor<?xi32>
  // CHECK: rwkv.layer_norm
  %x = rwkv.layer_norm %e, %scale, %offset {eps = 1.0e-5} : tensor<?x64xf32>, tensor<64xbf16>, tensor<64xbf16>
  return %e, %x : tensor<?x64xf32>, tensor<?x64xf32>
}

// -----

// A norm's vectors are read by name, so they must be what the checkpoint has under that name.
// CHECK-LABEL: @embedding_refuses_transformed_scale
func.func @embedding_refuses_transformed_scale(%tokens: tensor<?xi32>) -> tensor<?x64xf32> {
  %table = weight.tensor "emb" : tensor<16x64xbf16>
  %scale = weight.tensor "ln0.weight" transforms [#weight.map<exp>] : tensor<64xf32>
  %offset = weight.tensor "ln0.bias" : tensor<64xbf16>
  %e = rwkv.embed %table[%tokens] : tensor<16x64xbf16>, tensor<?xi32>
  // CHECK: rwkv.layer_norm
  %x = rwkv.layer_norm %e, %scale, %offset {eps = 1.0e-5} : tensor<?x64xf32>, tensor<64xf32>, tensor<64xbf16>
  return %x : tensor<?x64xf32>
}

// -----

// CHECK-LABEL: @embedding_refuses_computed_offset
func.func @embedding_refuses_computed_offset(%tokens: tensor<?xi32>, %offset: tensor<64xf32>) -> tensor<?x64xf32> {
  %table = weight.tensor "emb" : tensor<16x64xbf16>
  %scale = weight.tensor "ln0.weight" : tensor<64xbf16>
  %e = rwkv.embed %table[%tokens] : tensor<16x64xbf16>, tensor<?xi32>
  // CHECK: rwkv.layer_norm
  %x = rwkv.layer_norm %e, %scale, %offset {eps = 1.0e-5} : tensor<?x64xf32>, tensor<64xbf16>, tensor<64xf32>
  return %x : tensor<?x64xf32>
}
