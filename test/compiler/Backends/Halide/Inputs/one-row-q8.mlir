// A gemm of one row of integers.
func.func private @one_row_q8(%x: tensor<?x64xi16, #kernel.groups<size = 32, bits = 16, order = bytes>>,
                              %w: tensor<64x64xf32, #weight.layout<"q8", panel = 64>>) -> tensor<?x64xf32> {
  %0 = kernel.gemm %x, %w schedule <backend = "halide", panel = 64, tile_rows = 1, tile_columns = 64, block = 64, most_rows = 1> {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xi16, #kernel.groups<size = 32, bits = 16, order = bytes>>, tensor<64x64xf32, #weight.layout<"q8", panel = 64>> -> tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}
