// RUN: rwkv-opt %s --split-input-file --verify-diagnostics
// Every attribute that later phases rely on is checked where it is written.

// expected-error @+1 {{'rwkv.model' must be a dictionary with an 'architecture'}}
module attributes {rwkv.model = "rwkv7"} {}

// -----

// expected-error @+1 {{'rwkv.model' needs a positive integer 'head_size'}}
module attributes {rwkv.model = {architecture = "rwkv7", layers = 2, channels = 64, heads = 2, head_size = 0,
                                 ffn_width = 256, vocabulary = 128}} {}

// -----

// expected-error @+1 {{does not know the attribute 'rwkv.modell'}}
module attributes {rwkv.modell = {}} {}

// -----

// expected-error @+1 {{argument 1: 'rwkv.state' must be a string, on an f32 tensor of known shape}}
func.func @state_of_unknown_shape(%x: tensor<?xi32>, %s: tensor<?xf32> {rwkv.state = "layer.0.pp"}) {
  return
}

// -----

// expected-error @+1 {{argument 0: 'rwkv.state' must be a string, on an f32 tensor of known shape}}
func.func @state_without_a_name(%s: tensor<4xf32> {rwkv.state = 0}) {
  return
}

// -----

// expected-error @+1 {{argument 0: 'rwkv.initial' must be an f32}}
func.func @initial_not_f32(%s: tensor<4xf32> {rwkv.state = "layer.0.pp", rwkv.initial = 0.0 : f64}) {
  return
}

// -----

// expected-error @+1 {{does not know the attribute 'rwkv.sate'}}
func.func @misspelt(%s: tensor<4xf32> {rwkv.sate = "layer.0.pp"}) {
  return
}

// -----

// expected-error@below {{'rwkv.tokenizer' must be a string}}
module attributes {rwkv.tokenizer = 7 : i64} {}
