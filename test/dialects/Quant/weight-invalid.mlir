// RUN: rwkv-opt %s --split-input-file --verify-diagnostics
// Every constraint of weight.tensor has its diagnostic.

func.func @tensor_c1_no_name() {
  // expected-error @+1 {{needs the name of a tensor}}
  %0 = weight.tensor "" : tensor<64xf32>
  return
}

// -----

func.func @tensor_c2_rounded() {
  // expected-error @+1 {{is transformed in f32, but its elements are 'bf16'}}
  %0 = weight.tensor "decay" transforms [#weight.map<exp>] : tensor<64xbf16>
  return
}

// -----

func.func @tensor_c3_norm_of_a_vector() {
  // expected-error @+1 {{normalises rows, but has rank 1}}
  %0 = weight.tensor "decay" transforms [#weight.layer_norm<"scale", "offset", 1.0e-5 : f64>] : tensor<64xf32>
  return
}

// -----

func.func @tensor_unknown_transform() {
  // expected-error @+1 {{does not know the transform 4 : i64}}
  %0 = weight.tensor "decay" transforms [4 : i64] : tensor<64xf32>
  return
}

// -----

func.func @tensor_c4_no_format() {
  // expected-error @+1 {{is stored as 'q5', but the formats are f32, f16, bf16, q8, q4, q8_0, q4_0}}
  %0 = weight.tensor "key" stored "q5" : tensor<64x64xf32>
  return
}
