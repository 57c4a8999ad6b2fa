// RUN: rwkv-opt %s --split-input-file --verify-diagnostics
// Every constraint of rwkv.wkv7 has its diagnostic.

func.func @wkv7_c1_types(%r: tensor<?x64xf32>, %k: tensor<?x64xf32>, %v: tensor<?x64xf32>, %w: tensor<?x64xf32>, %a: tensor<?x64xf32>, %b: tensor<?x32xf32>, %s: tensor<2x32x32xf32>) {
  // expected-error @+1 {{failed to verify that all of {r, w, k, v, a, b, output} have same type}}
  %0:2 = "rwkv.wkv7"(%r, %w, %k, %v, %a, %b, %s)
      : (tensor<?x64xf32>, tensor<?x64xf32>, tensor<?x64xf32>, tensor<?x64xf32>, tensor<?x64xf32>, tensor<?x32xf32>, tensor<2x32x32xf32>) -> (tensor<?x64xf32>, tensor<2x32x32xf32>)
  return
}

// -----

func.func @wkv7_c2_state_not_square(%r: tensor<?x64xf32>, %k: tensor<?x64xf32>, %v: tensor<?x64xf32>, %w: tensor<?x64xf32>, %a: tensor<?x64xf32>, %b: tensor<?x64xf32>, %s: tensor<2x32x64xf32>) {
  // expected-error @+1 {{'state' is 'tensor<2x32x64xf32>', but must be [H, N, N] with H * N = 64, the channels of 'r'}}
  %0:2 = rwkv.wkv7 %r, %w, %k, %v, %a, %b state %s : tensor<?x64xf32>, tensor<2x32x64xf32>
  return
}

// -----

func.func @wkv7_c2_wrong_heads(%r: tensor<?x64xf32>, %k: tensor<?x64xf32>, %v: tensor<?x64xf32>, %w: tensor<?x64xf32>, %a: tensor<?x64xf32>, %b: tensor<?x64xf32>, %s: tensor<1x32x32xf32>) {
  // expected-error @+1 {{'state' is 'tensor<1x32x32xf32>', but must be [H, N, N] with H * N = 64, the channels of 'r'}}
  %0:2 = rwkv.wkv7 %r, %w, %k, %v, %a, %b state %s : tensor<?x64xf32>, tensor<1x32x32xf32>
  return
}

// -----

func.func @wkv7_c2_no_heads(%r: tensor<?x64xf32>, %k: tensor<?x64xf32>, %v: tensor<?x64xf32>, %w: tensor<?x64xf32>, %a: tensor<?x64xf32>, %b: tensor<?x64xf32>, %s: tensor<0x32x32xf32>) {
  // expected-error @+1 {{'state' is 'tensor<0x32x32xf32>', but must be [H, N, N] with H * N = 64, the channels of 'r'}}
  %0:2 = rwkv.wkv7 %r, %w, %k, %v, %a, %b state %s : tensor<?x64xf32>, tensor<0x32x32xf32>
  return
}
