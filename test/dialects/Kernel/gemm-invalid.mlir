// RUN: rwkv-opt %s --split-input-file --verify-diagnostics
// Every constraint of kernel.gemm has its diagnostic.

func.func @gemm_c1_inputs(%x: tensor<?x32xf32>, %w: tensor<48x16xf32>) {
  // expected-error @+1 {{'x' has 32 inputs, but 'weight' has 16}}
  %0 = kernel.gemm %x, %w {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x32xf32>, tensor<48x16xf32> -> tensor<?x48xf32>
  return
}

// -----

func.func @gemm_c1_outputs(%x: tensor<?x32xf32>, %w: tensor<48x32xf32>) {
  // expected-error @+1 {{the result has 32 outputs, but 'weight' has 48}}
  %0 = kernel.gemm %x, %w {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x32xf32>, tensor<48x32xf32> -> tensor<?x32xf32>
  return
}

// -----

func.func @gemm_c2_rows(%x: tensor<?x32xf32>, %w: tensor<48x32xf32>, %old: tensor<?x32xf32>) {
  // expected-error @+1 {{a row operand has 32 channels, but the result has 48}}
  %0 = kernel.gemm %x, %w rows(%old : tensor<?x32xf32>) {
  ^bb0(%acc: f32, %o: f32):
    kernel.yield %acc : f32
  } : tensor<?x32xf32>, tensor<48x32xf32> -> tensor<?x48xf32>
  return
}

// -----

func.func @gemm_c3_constants(%x: tensor<?x32xf32>, %w: tensor<48x32xf32>, %bias: tensor<32xf32>) {
  // expected-error @+1 {{a constant has 32 channels, but the result has 48}}
  %0 = kernel.gemm %x, %w constants(%bias : tensor<32xf32>) {
  ^bb0(%acc: f32, %b: f32):
    kernel.yield %acc : f32
  } : tensor<?x32xf32>, tensor<48x32xf32> -> tensor<?x48xf32>
  return
}

// -----

func.func @gemm_c4_arguments(%x: tensor<?x32xf32>, %w: tensor<48x32xf32>, %bias: tensor<48xf32>) {
  // expected-error @+1 {{the body must take 2 values of f32}}
  %0 = kernel.gemm %x, %w constants(%bias : tensor<48xf32>) {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x32xf32>, tensor<48x32xf32> -> tensor<?x48xf32>
  return
}

// -----

func.func @gemm_c4_yield(%x: tensor<?x32xf32>, %w: tensor<48x32xf32>) {
  // expected-error @+1 {{the body must yield one f32}}
  %0 = kernel.gemm %x, %w {
  ^bb0(%acc: f32):
    kernel.yield %acc, %acc : f32, f32
  } : tensor<?x32xf32>, tensor<48x32xf32> -> tensor<?x48xf32>
  return
}

// -----

func.func @gemm_c5_panel(%x: tensor<?x32xf32>, %w: tensor<48x32xf32, #weight.layout<"f32", panel = 32>>) {
  // expected-error @+1 {{is scheduled for panels of 64, but the weight has 32}}
  %0 = kernel.gemm %x, %w schedule <backend = "llvm", panel = 64, tile_rows = 6, tile_columns = 64, block = 64> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x32xf32>, tensor<48x32xf32, #weight.layout<"f32", panel = 32>> -> tensor<?x48xf32>
  return
}

// -----

func.func @gemm_sees_its_operands_only(%x: tensor<?x32xf32>, %w: tensor<48x32xf32>) {
  %outside = arith.constant 1.0 : f32 // expected-note @+1 {{required by region isolation constraints}}
  %0 = kernel.gemm %x, %w {
  ^bb0(%acc: f32):
    // expected-error @+1 {{using value defined outside the region}}
    %sum = arith.addf %acc, %outside : f32
    kernel.yield %sum : f32
  } : tensor<?x32xf32>, tensor<48x32xf32> -> tensor<?x48xf32>
  return
}

// -----

func.func @gemm_c7_encoding(%x: tensor<?x32xi16>, %w: tensor<48x32xf32>) {
  // expected-error @+1 {{the encoding of a quantised 'x' is not #kernel.groups}}
  %0 = kernel.gemm %x, %w {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x32xi16>, tensor<48x32xf32> -> tensor<?x48xf32>
  return
}

// -----

func.func @gemm_c7_float_weight(%x: tensor<?x32xi16, #kernel.groups<size = 32, bits = 16, order = bytes>>,
                                %w: tensor<48x32xf32, #weight.layout<"bf16", panel = 16>>) {
  // expected-error @+1 {{'x' is quantised, but the weight is stored as bf16}}
  %0 = kernel.gemm %x, %w {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x32xi16, #kernel.groups<size = 32, bits = 16, order = bytes>>, tensor<48x32xf32, #weight.layout<"bf16", panel = 16>> -> tensor<?x48xf32>
  return
}

// -----

func.func @gemm_c7_groups(%x: tensor<?x32xi8, #kernel.groups<size = 16, bits = 8, order = bytes>>, %w: tensor<48x32xf32, #weight.layout<"q8", panel = 16>>) {
  // expected-error @+1 {{'x' has groups of 16, but the weight's are of 32}}
  %0 = kernel.gemm %x, %w {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x32xi8, #kernel.groups<size = 16, bits = 8, order = bytes>>, tensor<48x32xf32, #weight.layout<"q8", panel = 16>> -> tensor<?x48xf32>
  return
}

// -----

func.func @gemm_c7_joins_bytes(%x: tensor<?x64xi8, #kernel.groups<size = 64, bits = 8, order = bytes>>, %w: tensor<48x64xf32, #weight.layout<"q8", panel = 16>>) {
  // expected-error @+1 {{'x' has groups of 64, but groups of q8 are not joined}}
  %0 = kernel.gemm %x, %w {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xi8, #kernel.groups<size = 64, bits = 8, order = bytes>>, tensor<48x64xf32, #weight.layout<"q8", panel = 16>> -> tensor<?x48xf32>
  return
}

// -----

func.func @gemm_c7_joins_parts(%x: tensor<?x32xi8, #kernel.groups<size = 64, bits = 8, order = bytes>>, %w: tensor<48x32xf32, #weight.layout<"q4", panel = 16>>) {
  // expected-error @+1 {{'x' has 32 inputs, which are no whole groups of 64}}
  %0 = kernel.gemm %x, %w {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x32xi8, #kernel.groups<size = 64, bits = 8, order = bytes>>, tensor<48x32xf32, #weight.layout<"q4", panel = 16>> -> tensor<?x48xf32>
  return
}

// -----

func.func @gemm_c7_bf16_rows(%x: tensor<?x32xbf16>, %w: tensor<48x32xf32, #weight.layout<"f32", panel = 16>>) {
  // expected-error @+1 {{'x' is of bf16, but the weight is stored as f32}}
  %0 = kernel.gemm %x, %w {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x32xbf16>, tensor<48x32xf32, #weight.layout<"f32", panel = 16>> -> tensor<?x48xf32>
  return
}

// -----

func.func @gemm_c6_quantised_rows(%x: tensor<?x32xi8, #kernel.groups<size = 16, bits = 8, order = bytes>>,
                                  %w: tensor<128x32xf32, #weight.layout<"q4", panel = 128, input_major = true>>) {
  // expected-error @+1 {{multiplies an input-major weight with quantised rows}}
  %0 = kernel.gemm %x, %w {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x32xi8, #kernel.groups<size = 16, bits = 8, order = bytes>>, tensor<128x32xf32, #weight.layout<"q4", panel = 128, input_major = true>> -> tensor<?x128xf32>
  return
}

// -----

func.func @gemm_c6_skips_in_panels(%x: tensor<?x32xf32>, %w: tensor<128x32xf32, #weight.layout<"f32", panel = 128>>) {
  // expected-error @+1 {{skips zeros, but its weight is not input-major}}
  %0 = kernel.gemm %x, %w schedule <backend = "llvm", panel = 128, tile_rows = 6, tile_columns = 64, block = 64, skip_zeros = true> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x32xf32>, tensor<128x32xf32, #weight.layout<"f32", panel = 128>> -> tensor<?x128xf32>
  return
}
