// RUN: rwkv-opt %s --split-input-file --verify-diagnostics
// Every constraint of rwkv.take_rows has its diagnostic.

func.func @take_rows_c1_result_not_rows(%x: tensor<?x64xf32>, %rows: tensor<3xi32>) {
  // expected-error @+2 {{inferred type(s) 'tensor<3x64xf32>' are incompatible}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = "rwkv.take_rows"(%x, %rows) : (tensor<?x64xf32>, tensor<3xi32>) -> tensor<4x64xf32>
  return
}

// -----

func.func @take_rows_not_rows(%x: tensor<?xf32>, %rows: tensor<3xi32>) {
  // expected-error @+1 {{cannot have rows of 'tensor<3xi32>' and channels of 'tensor<?xf32>'}}
  %0 = rwkv.take_rows %x[%rows] : tensor<?xf32>, tensor<3xi32>
  return
}

// -----

func.func @take_rows_unknown_channels(%x: tensor<?x?xf32>, %rows: tensor<3xi32>) {
  // expected-error @+1 {{operand #0 must be f32 rows [T, C] with C known}}
  %0 = "rwkv.take_rows"(%x, %rows) : (tensor<?x?xf32>, tensor<3xi32>) -> tensor<3x64xf32>
  return
}
