// RUN: rwkv-opt %s | rwkv-opt | FileCheck %s
// kernel.quantize survives printing and parsing.

// CHECK-LABEL: @quantize
func.func @quantize(%x: tensor<?x40xf32>) -> tensor<?x40xi16, #kernel.groups<size = 16, bits = 16, order = pairs>> {
  // CHECK: kernel.quantize %arg0 : tensor<?x40xf32> -> tensor<?x40xi16, #kernel.groups<size = 16, bits = 16, order = pairs>>
  %0 = kernel.quantize %x : tensor<?x40xf32> -> tensor<?x40xi16, #kernel.groups<size = 16, bits = 16, order = pairs>>
  return %0 : tensor<?x40xi16, #kernel.groups<size = 16, bits = 16, order = pairs>>
}
