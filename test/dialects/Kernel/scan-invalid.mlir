// RUN: rwkv-opt %s --split-input-file --verify-diagnostics
// Every constraint of kernel.scan has its diagnostic.

func.func @scan_c1_groups(%x: tensor<?x64xf32>) {
  // expected-error @+1 {{3 groups do not divide 64 channels}}
  %0 = kernel.scan groups 3 rows(%x : tensor<?x64xf32>) {
  ^bb0(%a: tensor<21xf32>):
    kernel.yield %a : tensor<21xf32>
  } -> tensor<?x64xf32>
  return
}

// -----

func.func @scan_c1_rows(%x: tensor<?x64xf32>, %y: tensor<?x32xf32>) {
  // expected-error @+1 {{a row operand has 32 channels, but the first has 64}}
  %0 = kernel.scan groups 1 rows(%x, %y : tensor<?x64xf32>, tensor<?x32xf32>) {
  ^bb0(%a: tensor<64xf32>, %b: tensor<64xf32>):
    kernel.yield %a : tensor<64xf32>
  } -> tensor<?x64xf32>
  return
}

// -----

func.func @scan_c1_constants(%x: tensor<?x64xf32>, %c: tensor<32xf32>) {
  // expected-error @+1 {{a constant has 32 channels, but the rows have 64}}
  %0 = kernel.scan groups 1 rows(%x : tensor<?x64xf32>) constants(%c : tensor<32xf32>) {
  ^bb0(%a: tensor<64xf32>, %b: tensor<64xf32>):
    kernel.yield %a : tensor<64xf32>
  } -> tensor<?x64xf32>
  return
}

// -----

func.func @scan_c2_state(%x: tensor<?x64xf32>, %s: tensor<4x32x32xf32>) {
  // expected-error @+1 {{a state must be [64] or [2, 32, 32], got 'tensor<4x32x32xf32>'}}
  %0:2 = kernel.scan groups 2 rows(%x : tensor<?x64xf32>) states(%s : tensor<4x32x32xf32>) {
  ^bb0(%a: tensor<32xf32>, %b: tensor<32x32xf32>):
    kernel.yield %a, %b : tensor<32xf32>, tensor<32x32xf32>
  } -> tensor<?x64xf32>, tensor<4x32x32xf32>
  return
}

// -----

func.func @scan_c3_count(%x: tensor<?x64xf32>, %c: tensor<64xf32>) {
  // expected-error @+1 {{the body takes 1 values, but there are 2 operands}}
  %0 = kernel.scan groups 1 rows(%x : tensor<?x64xf32>) constants(%c : tensor<64xf32>) {
  ^bb0(%a: tensor<64xf32>):
    kernel.yield %a : tensor<64xf32>
  } -> tensor<?x64xf32>
  return
}

// -----

func.func @scan_c3_type(%x: tensor<?x64xf32>) {
  // expected-error @+1 {{the body takes 'tensor<64xf32>' where it must take 'tensor<32xf32>'}}
  %0 = kernel.scan groups 2 rows(%x : tensor<?x64xf32>) {
  ^bb0(%a: tensor<64xf32>):
    kernel.yield %a : tensor<64xf32>
  } -> tensor<?x64xf32>
  return
}

// -----

func.func @scan_c4_count(%x: tensor<?x64xf32>, %s: tensor<64xf32>) {
  // expected-error @+1 {{the body yields 1 values for 2 results and 1 states}}
  %0:2 = kernel.scan groups 1 rows(%x : tensor<?x64xf32>) states(%s : tensor<64xf32>) {
  ^bb0(%a: tensor<64xf32>, %b: tensor<64xf32>):
    kernel.yield %a : tensor<64xf32>
  } -> tensor<?x64xf32>, tensor<64xf32>
  return
}

// -----

func.func @scan_c4_type(%x: tensor<?x64xf32>) {
  // expected-error @+1 {{the body yields 'f32' where it must yield 'tensor<64xf32>'}}
  %0 = kernel.scan groups 1 rows(%x : tensor<?x64xf32>) {
  ^bb0(%a: tensor<64xf32>):
    %sum = kernel.reduce add %a over all : tensor<64xf32> -> f32
    kernel.yield %sum : f32
  } -> tensor<?x64xf32>
  return
}

// -----

func.func @scan_c5_output(%x: tensor<?x64xf32>) {
  // expected-error @+1 {{an output must be rows of 64 channels, got 'tensor<?x32xf32>'}}
  %0 = kernel.scan groups 1 rows(%x : tensor<?x64xf32>) {
  ^bb0(%a: tensor<64xf32>):
    kernel.yield %a : tensor<64xf32>
  } -> tensor<?x32xf32>
  return
}

// -----

func.func @scan_c5_final_state(%x: tensor<?x64xf32>, %s: tensor<64xf32>) {
  // expected-error @+1 {{a state of 'tensor<64xf32>' ends as 'tensor<?x64xf32>'}}
  %0:2 = kernel.scan groups 1 rows(%x : tensor<?x64xf32>) states(%s : tensor<64xf32>) {
  ^bb0(%a: tensor<64xf32>, %b: tensor<64xf32>):
    kernel.yield %b, %a : tensor<64xf32>, tensor<64xf32>
  } -> tensor<?x64xf32>, tensor<?x64xf32>
  return
}

// -----

func.func @scan_without_rows(%s: tensor<64xf32>) {
  // expected-error @+1 {{needs at least one row operand}}
  %0 = "kernel.scan"(%s) <{groups = 1 : i64, operandSegmentSizes = array<i32: 0, 0, 1>}> ({
  ^bb0(%a: tensor<64xf32>):
    kernel.yield %a : tensor<64xf32>
  }) : (tensor<64xf32>) -> tensor<64xf32>
  return
}
