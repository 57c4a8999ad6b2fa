// RUN: rwkv-opt %s --split-input-file --verify-diagnostics
// Every constraint of rwkv.scale has its diagnostic.

func.func @scale_c1_by(%x: tensor<?x64xf32>, %v: tensor<1xf16>) {
  // expected-error @+1 {{'by' has 1 channels, but 'x' has 64}}
  %0 = rwkv.scale %x by %v : tensor<?x64xf32>, tensor<1xf16>
  return
}
