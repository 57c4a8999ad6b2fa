// RUN: rwkv-opt %s --verify-roundtrip | FileCheck %s
// Each group is brought to length 1 by itself.

// CHECK-LABEL: @l2_normalize
func.func @l2_normalize(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
  // CHECK: rwkv.l2_normalize %{{[a-z0-9]+}} {groups = 4 : i64} : tensor<?x64xf32>
  %0 = rwkv.l2_normalize %x {groups = 4} : tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}
