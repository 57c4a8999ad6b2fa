// RUN: rwkv-opt %s --split-input-file --verify-diagnostics
// Every constraint of rwkv.l2_normalize has its diagnostic.

func.func @l2_normalize_c1_not_a_divisor(%x: tensor<?x64xf32>) {
  // expected-error @+1 {{'x' has 64 channels, which 'groups' = 5 does not divide}}
  %0 = rwkv.l2_normalize %x {groups = 5} : tensor<?x64xf32>
  return
}

// -----

func.func @l2_normalize_c1_negative(%x: tensor<?x64xf32>) {
  // expected-error @+1 {{'groups' is -2, but must be positive}}
  %0 = rwkv.l2_normalize %x {groups = -2} : tensor<?x64xf32>
  return
}
