// RUN: rwkv-opt %s --kernel-schedule="vector-registers=32 vector-bits=512 prefetch=4096" | FileCheck %s --check-prefixes=CHECK,WIDE
// RUN: rwkv-opt %s --kernel-schedule | FileCheck %s --check-prefixes=CHECK,NARROW
// A gemm's panel pads its outputs least, and its accumulators take three quarters of the registers.

// Sixteen registers of 256 bits are eight pairs, of which six hold the accumulators of 16 lanes. Panels have as many.

// CHECK-LABEL: @panels
func.func @panels(%x: tensor<?x32xf32>) -> (tensor<?x64xf32>, tensor<?x96xf32>, tensor<?x12xf32>, tensor<?x40xf32>) {
  // WIDE-DAG: weight.tensor "a" : tensor<64x32xbf16, #weight.layout<"bf16", panel = 64>>
  // WIDE-DAG: weight.tensor "b" : tensor<96x32xf16, #weight.layout<"f16", panel = 32>>
  // NARROW-DAG: weight.tensor "a" : tensor<64x32xbf16, #weight.layout<"bf16", panel = 16>>
  // NARROW-DAG: weight.tensor "b" : tensor<96x32xf16, #weight.layout<"f16", panel = 16>>
  // CHECK-DAG: weight.tensor "c" : tensor<12x32xf32, #weight.layout<"f32", panel = 16>>
  // CHECK-DAG: weight.tensor "d" : tensor<40x32xbf16, #weight.layout<"bf16", panel = 16>>
  %a = weight.tensor "a" : tensor<64x32xbf16>
  %b = weight.tensor "b" : tensor<96x32xf16>
  %c = weight.tensor "c" : tensor<12x32xf32>
  %d = weight.tensor "d" : tensor<40x32xbf16>
  // WIDE: kernel.gemm {{.*}} schedule <backend = "llvm", panel = 64, tile_rows = 6, tile_columns = 64, block = 64> {
  // NARROW: kernel.gemm {{.*}} schedule <backend = "llvm", panel = 16, tile_rows = 6, tile_columns = 16, block = 64> {
  %0 = kernel.gemm %x, %a {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x32xf32>, tensor<64x32xbf16> -> tensor<?x64xf32>
  // WIDE: kernel.gemm {{.*}} schedule <backend = "llvm", panel = 32, tile_rows = 12, tile_columns = 32, block = 64> {
  // NARROW: kernel.gemm {{.*}} schedule <backend = "llvm", panel = 16, tile_rows = 6, tile_columns = 16, block = 64> {
  %1 = kernel.gemm %x, %b {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x32xf32>, tensor<96x32xf16> -> tensor<?x96xf32>
  // WIDE: kernel.gemm {{.*}} schedule <backend = "llvm", panel = 16, tile_rows = 12, tile_columns = 16, block = 64> {
  // NARROW: kernel.gemm {{.*}} schedule <backend = "llvm", panel = 16, tile_rows = 6, tile_columns = 16, block = 64> {
  %2 = kernel.gemm %x, %c {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x32xf32>, tensor<12x32xf32> -> tensor<?x12xf32>
  // WIDE: kernel.gemm {{.*}} schedule <backend = "llvm", panel = 16, tile_rows = 12, tile_columns = 16, block = 64> {
  // NARROW: kernel.gemm {{.*}} schedule <backend = "llvm", panel = 16, tile_rows = 6, tile_columns = 16, block = 64> {
  %3 = kernel.gemm %x, %d {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x32xf32>, tensor<40x32xbf16> -> tensor<?x40xf32>
  return %0, %1, %2, %3 : tensor<?x64xf32>, tensor<?x96xf32>, tensor<?x12xf32>, tensor<?x40xf32>
}

// The weight follows a schedule that the kernel has already.
// CHECK-LABEL: @keeps_schedule
func.func @keeps_schedule(%x: tensor<?x32xf32>) -> tensor<?x64xf32> {
  // CHECK: weight.tensor "a" : tensor<64x32xbf16, #weight.layout<"bf16", panel = 32>>
  %a = weight.tensor "a" : tensor<64x32xbf16>
  // CHECK: schedule <backend = "other", panel = 32, tile_rows = 3, tile_columns = 16, block = 128>
  %0 = kernel.gemm %x, %a schedule <backend = "other", panel = 32, tile_rows = 3, tile_columns = 16, block = 128> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x32xf32>, tensor<64x32xbf16> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// An embedding that is also the head is stored twice: rows for the gather, panels for the gemm.
// CHECK-LABEL: @tied_embedding
func.func @tied_embedding(%tokens: tensor<?xi32>) -> tensor<?x64xf32> {
  // CHECK-DAG: %[[ROWS:[a-z0-9]+]] = weight.tensor "emb" : tensor<64x64xf16, #weight.layout<"f16", panel = 0>>
  // CHECK-DAG: %[[PANELS:[a-z0-9]+]] = weight.tensor "emb" : tensor<64x64xf16, #weight.layout<"f16", panel = {{64|16}}>>
  // CHECK-NOT: weight.tensor
  %e = weight.tensor "emb" : tensor<64x64xf16>
  // CHECK: kernel.gather %[[ROWS]]
  %x = kernel.gather %e[%tokens] : tensor<64x64xf16>, tensor<?xi32> -> tensor<?x64xf32>
  // CHECK: kernel.gemm {{[^,]+}}, %[[PANELS]]
  %0 = kernel.gemm %x, %e {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<64x64xf16> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// Vectors are widened when they are packed, wherever they are read.
// CHECK-LABEL: @vectors_are_f32
func.func @vectors_are_f32(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
  // CHECK-DAG: weight.tensor "m" : tensor<64xbf16, #weight.layout<"f32", panel = 0>>
  // CHECK-DAG: weight.tensor "n" : tensor<64xf16, #weight.layout<"f32", panel = 0>>
  %m = weight.tensor "m" : tensor<64xbf16>
  %n = weight.tensor "n" : tensor<64xf16>
  %w = weight.tensor "w" : tensor<64x64xf32>
  // CHECK: kernel.scan {{.*}} schedule <backend = "llvm", panel = 16, tile_rows = 1, tile_columns = 16, block = 64> {
  %0 = kernel.scan groups 1 rows(%x : tensor<?x64xf32>) constants(%m : tensor<64xbf16>) {
  ^bb0(%a: tensor<64xf32>, %b: tensor<64xf32>):
    %c = arith.mulf %a, %b : tensor<64xf32>
    kernel.yield %c : tensor<64xf32>
  } -> tensor<?x64xf32>
  %1 = kernel.gemm %0, %w constants(%n : tensor<64xf16>) {
  ^bb0(%acc: f32, %bias: f32):
    %c = arith.addf %acc, %bias : f32
    kernel.yield %c : f32
  } : tensor<?x64xf32>, tensor<64x64xf32> -> tensor<?x64xf32>
  return %1 : tensor<?x64xf32>
}

// A sum of integers takes two registers: fewer rows and columns.
// CHECK-LABEL: @integers
func.func @integers(%q: tensor<?x64xi16, #kernel.groups<size = 32, bits = 16, order = bytes>>) -> tensor<?x96xf32> {
  // WIDE: weight.tensor "w" : tensor<96x64xf32, #weight.layout<"q8", panel = 32>>
  %w = weight.tensor "w" stored "q8" : tensor<96x64xf32>
  // WIDE: kernel.gemm {{.*}} schedule <backend = "llvm", panel = 32, tile_rows = 4, tile_columns = 32, block = 64> {
  // NARROW: kernel.gemm {{.*}} schedule <backend = "llvm", panel = 16, tile_rows = 4, tile_columns = 16, block = 64> {
  %0 = kernel.gemm %q, %w {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xi16, #kernel.groups<size = 32, bits = 16, order = bytes>>, tensor<96x64xf32> -> tensor<?x96xf32>
  return %0 : tensor<?x96xf32>
}

// A single row takes a panel as it lies, with memory asked ahead.
// CHECK-LABEL: @one_row
func.func @one_row(%x: tensor<?x64xf32>, %q: tensor<?x64xi16, #kernel.groups<size = 32, bits = 16, order = bytes>>)
    -> (tensor<?x64xf32>, tensor<?x64xf32>) attributes {kernel.most_rows = 1 : i64} {
  %a = weight.tensor "a" : tensor<64x64xbf16>
  %w = weight.tensor "w" stored "q8" : tensor<64x64xf32>
  // WIDE: kernel.gemm {{.*}} schedule <backend = "llvm", panel = 64, tile_rows = 1, tile_columns = 64, block = 64, most_rows = 1, prefetch = 4096> {
  // NARROW: kernel.gemm {{.*}} schedule <backend = "llvm", panel = 16, tile_rows = 1, tile_columns = 16, block = 64, most_rows = 1> {
  %0 = kernel.gemm %x, %a {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<64x64xbf16> -> tensor<?x64xf32>
  // WIDE: kernel.gemm {{.*}} schedule <backend = "llvm", panel = 64, tile_rows = 1, tile_columns = 64, block = 64, most_rows = 1, prefetch = 4096> {
  // NARROW: kernel.gemm {{.*}} schedule <backend = "llvm", panel = 16, tile_rows = 1, tile_columns = 16, block = 64, most_rows = 1> {
  %1 = kernel.gemm %q, %w {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xi16, #kernel.groups<size = 32, bits = 16, order = bytes>>, tensor<64x64xf32> -> tensor<?x64xf32>
  return %0, %1 : tensor<?x64xf32>, tensor<?x64xf32>
}

// A few rows have tiles of which two make eight. With codes of 4 bits they have more rows and fewer columns.
// CHECK-LABEL: @few_rows
func.func @few_rows(%x: tensor<?x64xf32>, %b: tensor<?x64xbf16>, %q: tensor<?x64xi8, #kernel.groups<size = 16, bits = 8, order = bytes>>)
    -> (tensor<?x64xf32>, tensor<?x64xf32>, tensor<?x64xf32>) attributes {kernel.most_rows = 16 : i64} {
  %a = weight.tensor "a" : tensor<64x64xbf16>
  %w = weight.tensor "w" stored "q4" : tensor<64x64xf32>
  // WIDE: kernel.gemm {{.*}} schedule <backend = "llvm", panel = 64, tile_rows = 4, tile_columns = 64, block = 64, most_rows = 16> {
  // NARROW: kernel.gemm {{.*}} schedule <backend = "llvm", panel = 16, tile_rows = 4, tile_columns = 16, block = 64, most_rows = 16> {
  %0 = kernel.gemm %b, %a {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xbf16>, tensor<64x64xbf16> -> tensor<?x64xf32>
  // WIDE: kernel.gemm {{.*}} schedule <backend = "llvm", panel = 64, tile_rows = 4, tile_columns = 32, block = 64, most_rows = 16> {
  // NARROW: kernel.gemm {{.*}} schedule <backend = "llvm", panel = 16, tile_rows = 4, tile_columns = 16, block = 64, most_rows = 16> {
  %1 = kernel.gemm %q, %w {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xi8, #kernel.groups<size = 16, bits = 8, order = bytes>>, tensor<64x64xf32> -> tensor<?x64xf32>
  // Of f32 they take the kernel of many.
  // WIDE: kernel.gemm {{.*}} schedule <backend = "llvm", panel = 64, tile_rows = 6, tile_columns = 64, block = 64> {
  %2 = kernel.gemm %x, %a {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<64x64xbf16> -> tensor<?x64xf32>
  return %0, %1, %2 : tensor<?x64xf32>, tensor<?x64xf32>, tensor<?x64xf32>
}
