// RUN: rwkv-opt %s --split-input-file --verify-diagnostics
// Every constraint of kernel.broadcast and kernel.reduce has its diagnostic.

func.func @broadcast_c1_no_scalar(%v: tensor<8xf32>) {
  // expected-error @+1 {{'all' relates a scalar and a group, got 'tensor<8xf32>' and 'tensor<8xf32>'}}
  %0 = kernel.broadcast %v along all : tensor<8xf32> -> tensor<8xf32>
  return
}

// -----

func.func @broadcast_c2_no_matrix(%v: tensor<8xf32>) {
  // expected-error @+1 {{'rows' relates a group and a matrix, got 'tensor<8xf32>' and 'tensor<8xf32>'}}
  %0 = kernel.broadcast %v along rows : tensor<8xf32> -> tensor<8xf32>
  return
}

// -----

func.func @broadcast_c2_size(%v: tensor<8xf32>) {
  // expected-error @+1 {{a group of 8 does not fit a matrix of 4x4}}
  %0 = kernel.broadcast %v along columns : tensor<8xf32> -> tensor<4x4xf32>
  return
}

// -----

func.func @reduce_c1_no_group(%m: tensor<8x8xf32>) {
  // expected-error @+1 {{'all' relates a scalar and a group, got 'f32' and 'tensor<8x8xf32>'}}
  %0 = kernel.reduce add %m over all : tensor<8x8xf32> -> f32
  return
}

// -----

func.func @reduce_c2_no_group(%m: tensor<8x8xf32>) {
  // expected-error @+1 {{'columns' relates a group and a matrix, got 'f32' and 'tensor<8x8xf32>'}}
  %0 = kernel.reduce max %m over columns : tensor<8x8xf32> -> f32
  return
}

// -----

func.func @reduce_c2_not_square(%m: tensor<8x4xf32>) {
  // expected-error @+1 {{a group of 8 does not fit a matrix of 8x4}}
  %0 = kernel.reduce add %m over columns : tensor<8x4xf32> -> tensor<8xf32>
  return
}
