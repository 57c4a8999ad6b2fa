// A gemm of one row whose output lies in no operand's place.
func.func private @one_row(%x: tensor<?x64xf32>, %w: tensor<128x64xbf16, #weight.layout<"bf16", panel = 64>>) -> tensor<?x128xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "halide", panel = 64, tile_rows = 1, tile_columns = 64, block = 64, most_rows = 1> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<128x64xbf16, #weight.layout<"bf16", panel = 64>> -> tensor<?x128xf32>
  return %0 : tensor<?x128xf32>
}
