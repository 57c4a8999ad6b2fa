// RUN: rwkv-opt %s --split-input-file --kernel-tile --canonicalize --cse | FileCheck %s
// The step that every thread runs: its share of each region's units, and a barrier between two regions.

// CHECK-LABEL: llvm.func internal @forward
// CHECK-SAME: %[[STEP:arg0]]: !llvm.ptr, %[[THREAD:arg1]]: i32, %[[THREADS:arg2]]: i32
// Fields of rwkvc_step_t, by their offsets.
// CHECK: %[[WEIGHTS:[0-9]+]] = llvm.load %[[STEP]] {{.*}} -> !llvm.ptr
// CHECK: llvm.getelementptr %[[STEP]][8]
// CHECK-NEXT: %[[ARENA:[0-9]+]] = llvm.load
// CHECK-DAG: %[[TOKENS_AT:[0-9]+]] = llvm.getelementptr %[[STEP]][48]
// CHECK-DAG: %[[TOKENS:[0-9]+]] = llvm.load %[[TOKENS_AT]]
// CHECK-DAG: %[[WANTED_ROWS_AT:[0-9]+]] = llvm.getelementptr %[[STEP]][72]
// CHECK-DAG: %[[WANTED_ROWS:[0-9]+]] = llvm.load %[[WANTED_ROWS_AT]]
// CHECK-DAG: %[[LOGITS_AT:[0-9]+]] = llvm.getelementptr %[[STEP]][80]
// CHECK-DAG: %[[LOGITS:[0-9]+]] = llvm.load %[[LOGITS_AT]]
// CHECK-DAG: %[[ROWS_AT:[0-9]+]] = llvm.getelementptr %[[STEP]][24]
// CHECK-DAG: %[[ROWS:[0-9]+]] = llvm.load %[[ROWS_AT]]
// CHECK-DAG: %[[SEQUENCES_AT:[0-9]+]] = llvm.getelementptr %[[STEP]][32]
// CHECK-DAG: %[[SEQUENCES:[0-9]+]] = llvm.load %[[SEQUENCES_AT]]
// CHECK-DAG: %[[WANTED_AT:[0-9]+]] = llvm.getelementptr %[[STEP]][40]
// CHECK-DAG: %[[WANTED:[0-9]+]] = llvm.load %[[WANTED_AT]]
// CHECK-DAG: %[[FIRST_AT:[0-9]+]] = llvm.getelementptr %[[STEP]][56]
// CHECK-DAG: %[[FIRST:[0-9]+]] = llvm.load %[[FIRST_AT]]
// CHECK-DAG: %[[STATES_AT:[0-9]+]] = llvm.getelementptr %[[STEP]][64]
// CHECK-DAG: %[[STATES:[0-9]+]] = llvm.load %[[STATES_AT]]
// CHECK-DAG: %[[IMPORTS_AT:[0-9]+]] = llvm.getelementptr %[[STEP]][16]
// CHECK: %[[IMPORTS:[0-9]+]] = llvm.load %[[IMPORTS_AT]]
// CHECK-NEXT: %[[CONTEXT:[0-9]+]] = llvm.load %[[IMPORTS]]
// CHECK-NEXT: %[[BARRIER_AT:[0-9]+]] = llvm.getelementptr %[[IMPORTS]][8]
// CHECK-NEXT: %[[BARRIER:[0-9]+]] = llvm.load %[[BARRIER_AT]]

// Two units of 256 bytes a row are shared by the threads: unit i is its owner's in whose range byte 256 i is.
// CHECK: %[[ME:[0-9]+]] = arith.extui %[[THREAD]]
// CHECK: %[[ALL:[0-9]+]] = arith.extui %[[THREADS]]
// CHECK: %[[SCALED:[0-9]+]] = arith.muli %[[ME]], %c512_i64
// CHECK: %[[BEGIN:[0-9]+]] = arith.divui %[[SCALED]], %[[ALL]]
// CHECK: %[[UP:[0-9]+]] = arith.addi %[[BEGIN]], %c255_i64
// CHECK: %[[CLAMPED:[0-9]+]] = arith.maxsi %[[UP]], %c0_i64
// CHECK: %[[UNIT:[0-9]+]] = arith.divui %[[CLAMPED]], %c256_i64
// CHECK: %[[FROM:[0-9]+]] = arith.minsi %[[UNIT]], %c2_i64
// CHECK: %[[TO:[0-9]+]] = arith.minsi {{.*}}, %c2_i64
// CHECK: %[[TABLE:[0-9]+]] = llvm.getelementptr %[[WEIGHTS]][4096]
// CHECK: %[[SOME:[0-9]+]] = arith.cmpi slt, %[[FROM]], %[[TO]]
// CHECK-NEXT: scf.if %[[SOME]] {
// CHECK-NEXT: llvm.call @gather_0(%[[TABLE]], %[[TOKENS]], %[[ARENA]], %c0_i64, %[[ROWS]], %[[FROM]], %[[TO]])
// CHECK: llvm.call %[[BARRIER]](%[[CONTEXT]], %[[THREAD]])

// A kernel with states runs once a sequence, on that sequence's rows and states. The arena grows with the rows.
// CHECK: %[[OFFSET:[0-9]+]] = arith.muli %[[ROWS]], %c256_i64
// CHECK: %[[SHIFTED:[0-9]+]] = llvm.getelementptr %[[ARENA]][%[[OFFSET]]]
// CHECK: scf.for %[[SEQUENCE:[a-z0-9]+]] = %c0_i64 to %[[SEQUENCES]] step %c1_i64
// CHECK: %[[BYTES:[0-9]+]] = arith.muli %[[SEQUENCE]], %c8_i64
// CHECK: %[[OWN_AT:[0-9]+]] = llvm.getelementptr %[[STATES]][%[[BYTES]]]
// CHECK: %[[OWN:[0-9]+]] = llvm.load %[[OWN_AT]]
// CHECK: %[[STATE:[0-9]+]] = llvm.getelementptr %[[OWN]][128]
// CHECK: %[[ROW0_AT:[0-9]+]] = llvm.getelementptr %[[FIRST]][%[[BYTES]]]
// CHECK: %[[ROW0:[0-9]+]] = llvm.load %[[ROW0_AT]]
// CHECK: %[[ROW1_AT:[0-9]+]] = llvm.getelementptr %[[ROW0_AT]][8]
// CHECK: %[[ROW1:[0-9]+]] = llvm.load %[[ROW1_AT]]
// CHECK: llvm.call @shift(%[[ARENA]], %[[STATE]], %[[SHIFTED]], %[[ROW0]], %[[ROW1]],
// CHECK: llvm.call %[[BARRIER]](%[[CONTEXT]], %[[THREAD]])

// Behind the rows whose logits are wanted there are as many rows as these.
// CHECK: llvm.call @gather_1(%[[SHIFTED]], %[[WANTED_ROWS]], %[[LOGITS]], %c0_i64, %[[WANTED]],
// CHECK-NOT: llvm.call
// CHECK: llvm.return
func.func @forward(%tokens: tensor<?xi32> {kernel.place = #kernel.place<tokens, 0>}, %wanted: tensor<?xi32> {kernel.place = #kernel.place<wanted, 0>},
                   %s: tensor<64xf32> {kernel.place = #kernel.place<state, 128>, rwkv.state = "s", rwkv.initial = 0.0 : f32})
    -> (tensor<?x64xf32>, tensor<64xf32>) attributes {kernel.arena_row_bytes = 512 : i64, kernel.state_bytes = 384 : i64} {
  %t = weight.tensor "t" {place = #kernel.place<weights, 4096>} : tensor<8x64xf32, #weight.layout<"f32", panel = 0>>
  %0 = kernel.parallel {
    %1 = kernel.call @gather_0(%t, %tokens) places [#kernel.place<arena, 0>] : (tensor<8x64xf32, #weight.layout<"f32", panel = 0>>, tensor<?xi32>) -> tensor<?x64xf32>
    kernel.yield %1 : tensor<?x64xf32>
  } -> tensor<?x64xf32>
  %2:2 = kernel.parallel {
    %3:2 = kernel.call @shift(%0, %s) places [#kernel.place<arena, 256>, #kernel.place<state, 128>] : (tensor<?x64xf32>, tensor<64xf32>) -> (tensor<?x64xf32>, tensor<64xf32>)
    kernel.yield %3#0, %3#1 : tensor<?x64xf32>, tensor<64xf32>
  } -> tensor<?x64xf32>, tensor<64xf32>
  %4 = kernel.parallel {
    %5 = kernel.call @gather_1(%2#0, %wanted) places [#kernel.place<logits, 0>] : (tensor<?x64xf32>, tensor<?xi32>) -> tensor<?x64xf32>
    kernel.yield %5 : tensor<?x64xf32>
  } -> tensor<?x64xf32>
  return %4, %2#1 : tensor<?x64xf32>, tensor<64xf32>
}
func.func private @gather_0(%t: tensor<8x64xf32, #weight.layout<"f32", panel = 0>>, %i: tensor<?xi32>) -> tensor<?x64xf32> {
  %0 = kernel.gather %t[%i] schedule <backend = "llvm", panel = 16, tile_rows = 1, tile_columns = 16, block = 32>
      : tensor<8x64xf32, #weight.layout<"f32", panel = 0>>, tensor<?xi32> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}
func.func private @gather_1(%x: tensor<?x64xf32>, %i: tensor<?xi32>) -> tensor<?x64xf32> {
  %0 = kernel.gather %x[%i] schedule <backend = "llvm", panel = 16, tile_rows = 1, tile_columns = 16, block = 64>
      : tensor<?x64xf32>, tensor<?xi32> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}
func.func private @shift(%x: tensor<?x64xf32>, %s: tensor<64xf32>) -> (tensor<?x64xf32>, tensor<64xf32>) {
  %0:2 = kernel.scan groups 1 rows(%x : tensor<?x64xf32>) states(%s : tensor<64xf32>)
      schedule <backend = "llvm", panel = 16, tile_rows = 1, tile_columns = 16, block = 64> {
  ^bb0(%now: tensor<64xf32>, %before: tensor<64xf32>):
    kernel.yield %before, %now : tensor<64xf32>, tensor<64xf32>
  } -> tensor<?x64xf32>, tensor<64xf32>
  return %0#0, %0#1 : tensor<?x64xf32>, tensor<64xf32>
}

// -----

// Units of two kernels lie end to end: 2 of 256 bytes, then one of 1280, which starts at byte 512.
// CHECK-LABEL: llvm.func internal @step
// CHECK: %[[ALL:[0-9]+]] = arith.extui %arg2
// CHECK: arith.muli {{.*}}, %c1792_i64
// CHECK: %[[BEGIN:[0-9]+]] = arith.divui {{.*}}, %[[ALL]]
// CHECK: arith.muli {{.*}}, %c1792_i64
// CHECK: %[[END:[0-9]+]] = arith.divui {{.*}}, %[[ALL]]
// CHECK: arith.addi %[[BEGIN]], %c255_i64
// CHECK: arith.addi %[[END]], %c255_i64
// CHECK: llvm.call @gather
// CHECK: arith.addi %[[BEGIN]], %c767_i64
// CHECK: arith.addi %[[END]], %c767_i64
// CHECK: llvm.call @shift
// CHECK: llvm.return
func.func @forward(%x: tensor<?x64xf32> {kernel.place = #kernel.place<arena, 0>}, %wanted: tensor<?xi32> {kernel.place = #kernel.place<wanted, 0>},
                   %s: tensor<64xf32> {kernel.place = #kernel.place<state, 0>, rwkv.state = "s", rwkv.initial = 0.0 : f32})
    -> (tensor<?x64xf32>, tensor<64xf32>) attributes {kernel.arena_row_bytes = 512 : i64, kernel.state_bytes = 256 : i64} {
  %0:3 = kernel.parallel {
    %1 = kernel.call @gather(%x, %wanted) places [#kernel.place<logits, 0>] : (tensor<?x64xf32>, tensor<?xi32>) -> tensor<?x64xf32>
    %2:2 = kernel.call @shift(%x, %s) places [#kernel.place<arena, 256>, #kernel.place<state, 0>] : (tensor<?x64xf32>, tensor<64xf32>) -> (tensor<?x64xf32>, tensor<64xf32>)
    kernel.yield %1, %2#0, %2#1 : tensor<?x64xf32>, tensor<?x64xf32>, tensor<64xf32>
  } -> tensor<?x64xf32>, tensor<?x64xf32>, tensor<64xf32>
  return %0#0, %0#2 : tensor<?x64xf32>, tensor<64xf32>
}
func.func private @gather(%x: tensor<?x64xf32>, %i: tensor<?xi32>) -> tensor<?x64xf32> {
  %0 = kernel.gather %x[%i] schedule <backend = "llvm", panel = 16, tile_rows = 1, tile_columns = 16, block = 32>
      : tensor<?x64xf32>, tensor<?xi32> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}
func.func private @shift(%x: tensor<?x64xf32>, %s: tensor<64xf32>) -> (tensor<?x64xf32>, tensor<64xf32>) {
  %0:2 = kernel.scan groups 1 rows(%x : tensor<?x64xf32>) states(%s : tensor<64xf32>)
      schedule <backend = "llvm", panel = 16, tile_rows = 1, tile_columns = 16, block = 64> {
  ^bb0(%now: tensor<64xf32>, %before: tensor<64xf32>):
    kernel.yield %before, %now : tensor<64xf32>, tensor<64xf32>
  } -> tensor<?x64xf32>, tensor<64xf32>
  return %0#0, %0#1 : tensor<?x64xf32>, tensor<64xf32>
}

// -----

// A kernel that uses what the first one makes runs on the same units: two of 256 bytes and 192 more. The third has its own.
// CHECK-LABEL: llvm.func internal @step
// CHECK: arith.muli {{.*}}, %c1408_i64
// CHECK: arith.addi {{.*}}, %c447_i64
// CHECK: %[[FROM:[0-9]+]] = arith.minsi {{.*}}, %c2_i64
// CHECK: arith.addi {{.*}}, %c447_i64
// CHECK: %[[TO:[0-9]+]] = arith.minsi {{.*}}, %c2_i64
// CHECK: llvm.call @gather({{.*}}, %c0_i64, %[[WANTED:[0-9]+]], %[[FROM]], %[[TO]])
// CHECK: llvm.call @quantize({{.*}}, %c0_i64, %[[WANTED]], %[[FROM]], %[[TO]])
// CHECK: arith.addi {{.*}}, %c-641_i64
// CHECK: llvm.call @gather(
// CHECK: llvm.return
func.func @forward(%x: tensor<?x64xf32> {kernel.place = #kernel.place<arena, 0>}, %wanted: tensor<?xi32> {kernel.place = #kernel.place<wanted, 0>})
    -> (tensor<?x64xf32>) attributes {kernel.arena_row_bytes = 1024 : i64, kernel.state_bytes = 0 : i64} {
  %0:3 = kernel.parallel {
    %1 = kernel.call @gather(%x, %wanted) places [#kernel.place<arena, 256>] : (tensor<?x64xf32>, tensor<?xi32>) -> tensor<?x64xf32>
    %2 = kernel.call @quantize(%1) places [#kernel.place<arena, 512>] : (tensor<?x64xf32>) -> tensor<?x64xi8, #kernel.groups<size = 16, bits = 8, order = bytes>>
    %3 = kernel.call @gather(%x, %wanted) places [#kernel.place<logits, 0>] : (tensor<?x64xf32>, tensor<?xi32>) -> tensor<?x64xf32>
    kernel.yield %1, %2, %3 : tensor<?x64xf32>, tensor<?x64xi8, #kernel.groups<size = 16, bits = 8, order = bytes>>, tensor<?x64xf32>
  } -> tensor<?x64xf32>, tensor<?x64xi8, #kernel.groups<size = 16, bits = 8, order = bytes>>, tensor<?x64xf32>
  return %0#2 : tensor<?x64xf32>
}
func.func private @gather(%x: tensor<?x64xf32>, %i: tensor<?xi32>) -> tensor<?x64xf32> {
  %0 = kernel.gather %x[%i] schedule <backend = "llvm", panel = 16, tile_rows = 1, tile_columns = 16, block = 32> : tensor<?x64xf32>, tensor<?xi32> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}
func.func private @quantize(%x: tensor<?x64xf32>) -> tensor<?x64xi8, #kernel.groups<size = 16, bits = 8, order = bytes>> {
  %0 = kernel.quantize %x schedule <backend = "llvm", panel = 16, tile_rows = 1, tile_columns = 16, block = 32> : tensor<?x64xf32> -> tensor<?x64xi8, #kernel.groups<size = 16, bits = 8, order = bytes>>
  return %0 : tensor<?x64xi8, #kernel.groups<size = 16, bits = 8, order = bytes>>
}
