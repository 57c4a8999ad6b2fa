"""schedules_of.py ROWS FORMAT SIZE ROW_TYPE: one gemm as measure-kernels takes it, first without tile_inputs and prefetch, then
with each of them and in another panel."""
import sys

rows, form, inputs, x = sys.argv[1:]
PLAIN = (64, "")
VARIANTS = [PLAIN, (64, ", tile_inputs = 64"), (32, ", tile_inputs = 128"), (64, ", prefetch = 4096"),
            (32, ", tile_inputs = 64, prefetch = 1024")]
for i, (panel, extra) in enumerate(VARIANTS):
    weight = 'tensor<128x%sxf32, #weight.layout<"%s", panel = %d>>' % (inputs, form, panel)
    types = "tensor<?x%sx%s>, %s" % (inputs, x, weight)
    print("""func.func private @kernel_%d(%%x: tensor<?x%sx%s>, %%w: %s) -> tensor<?x128xf32> {
  %%0 = kernel.gemm %%x, %%w schedule <backend = "llvm", panel = %d, tile_rows = %s, tile_columns = 32, block = 64%s> {
  ^bb0(%%acc: f32):
    kernel.yield %%acc : f32
  } : %s -> tensor<?x128xf32>
  return %%0 : tensor<?x128xf32>
}""" % (i, inputs, x, weight, panel, rows, extra, types))
