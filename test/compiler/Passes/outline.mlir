// RUN: rwkv-opt %s --kernel-outline | FileCheck %s
// Equal kernels share a function; another layout, schedule or body makes another one.

#a = #kernel.schedule<backend = "llvm", panel = 64, tile_rows = 6, tile_columns = 64, block = 64>
#b = #kernel.schedule<backend = "llvm", panel = 64, tile_rows = 4, tile_columns = 64, block = 64>

// CHECK-LABEL: func.func @forward
func.func @forward(%x: tensor<?x64xf32>, %i: tensor<?xi32>, %v: tensor<64x64xf32>, %w: tensor<64x64xf32>,
                   %p: tensor<64x64xf32, #weight.layout<"f32", panel = 64>>) -> tensor<?x64xf32> {
  // CHECK: kernel.call @gemm_0(%arg0, %arg2)
  // CHECK-NEXT: kernel.call @gemm_0(%arg0, %arg3)
  // CHECK-NEXT: kernel.call @gemm_1(%arg0, %arg4)
  // CHECK-NEXT: kernel.call @gemm_2(%arg0, %arg4)
  // CHECK-NEXT: kernel.call @gemm_3(%arg0, %arg2)
  // CHECK-NEXT: kernel.call @scan_0(%arg0, %arg0) : (tensor<?x64xf32>, tensor<?x64xf32>) -> tensor<?x64xf32>
  // CHECK-NEXT: %[[G:[a-z0-9]+]] = kernel.call @gather_0(%arg0, %arg1)
  // CHECK-NEXT: kernel.yield {{.*}}%[[G]] :
  %0:7 = kernel.parallel {
    %1 = kernel.gemm %x, %v {
    ^bb0(%acc: f32):
      kernel.yield %acc : f32
    } : tensor<?x64xf32>, tensor<64x64xf32> -> tensor<?x64xf32>
    %2 = kernel.gemm %x, %w {
    ^bb0(%sum: f32):
      kernel.yield %sum : f32
    } : tensor<?x64xf32>, tensor<64x64xf32> -> tensor<?x64xf32>
    %3 = kernel.gemm %x, %p schedule #a {
    ^bb0(%acc: f32):
      kernel.yield %acc : f32
    } : tensor<?x64xf32>, tensor<64x64xf32, #weight.layout<"f32", panel = 64>> -> tensor<?x64xf32>
    %4 = kernel.gemm %x, %p schedule #b {
    ^bb0(%acc: f32):
      kernel.yield %acc : f32
    } : tensor<?x64xf32>, tensor<64x64xf32, #weight.layout<"f32", panel = 64>> -> tensor<?x64xf32>
    %5 = kernel.gemm %x, %v {
    ^bb0(%acc: f32):
      %neg = arith.negf %acc : f32
      kernel.yield %neg : f32
    } : tensor<?x64xf32>, tensor<64x64xf32> -> tensor<?x64xf32>
    %6 = kernel.scan groups 1 rows(%x, %x : tensor<?x64xf32>, tensor<?x64xf32>) {
    ^bb0(%a: tensor<64xf32>, %b: tensor<64xf32>):
      kernel.yield %b : tensor<64xf32>
    } -> tensor<?x64xf32>
    %7 = kernel.gather %x[%i] : tensor<?x64xf32>, tensor<?xi32> -> tensor<?x64xf32>
    kernel.yield %1, %2, %3, %4, %5, %6, %7 : tensor<?x64xf32>, tensor<?x64xf32>, tensor<?x64xf32>, tensor<?x64xf32>, tensor<?x64xf32>, tensor<?x64xf32>, tensor<?x64xf32>
  } -> tensor<?x64xf32>, tensor<?x64xf32>, tensor<?x64xf32>, tensor<?x64xf32>, tensor<?x64xf32>, tensor<?x64xf32>, tensor<?x64xf32>
  return %0#0 : tensor<?x64xf32>
}

// CHECK: func.func private @gemm_0(%[[X:[a-z0-9]+]]: tensor<?x64xf32>, %[[W:[a-z0-9]+]]: tensor<64x64xf32>) -> tensor<?x64xf32> {
// CHECK-NEXT: %[[Y:[a-z0-9]+]] = kernel.gemm %[[X]], %[[W]] {
// CHECK: return %[[Y]] : tensor<?x64xf32>
// CHECK: func.func private @gemm_1({{.*}}#weight.layout
// CHECK: tile_rows = 6
// CHECK: func.func private @gemm_2({{.*}}#weight.layout
// CHECK: tile_rows = 4
// CHECK: func.func private @gemm_3(
// CHECK: arith.negf
// CHECK: func.func private @scan_0(%[[A:[a-z0-9]+]]: tensor<?x64xf32>, %[[B:[a-z0-9]+]]: tensor<?x64xf32>)
// CHECK-NEXT: kernel.scan groups 1 rows(%[[A]], %[[B]] :
// CHECK: func.func private @gather_0(
