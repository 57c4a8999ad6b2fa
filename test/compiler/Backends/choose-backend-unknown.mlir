// RUN: rwkv-opt %s --verify-diagnostics --kernel-choose-backend=backend=halyde
// So must the one that is asked for.

// expected-error@+1 {{there is no backend 'halyde', only auto, llvm}}
func.func @unknown(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
  return %x : tensor<?x64xf32>
}
