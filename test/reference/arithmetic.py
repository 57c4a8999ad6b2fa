# What a matrix is multiplied with, by its format, the rows of a step and the CPU: docs/RationaleKernel.md, "Rows that
# are rounded". Said again here, so that the compiler does not judge itself.
import numpy as np

import packed_weights
import rounded_inputs
import writers

JOINED = 64


class Arithmetic:
    """`rows` is the number of rows in a step."""

    def __init__(self, facts, exact, rows):
        self.exact = exact  # --activations=f32
        features = facts["cpu_features"]
        self.bf16 = "avx512bf16" in features
        self.bytes = "avx512vnni" in features
        self.kind = "one" if rows == 1 else "few" if rows <= 16 else "many"

    def joins(self, form, inputs):
        return form == "q4" and not self.exact and self.kind == "many" and self.bytes and inputs % JOINED == 0

    def of(self, form, input_major, value, inputs):
        """`value` [..., N, K] or its transposition, as the kernels multiply with it."""
        if self.exact:
            return value
        if form in ("bf16", "f16"):
            takes = self.kind != "one" if form == "bf16" else self.kind == "many" and not input_major
            if not (takes and self.bf16 and inputs % 2 == 0):
                return value
            return rounded_inputs.RoundsInputs(writers.round_to(value, "BF16").astype(np.float64),
                                               rounded_inputs.to_bf16)
        if form not in packed_weights.GROUP or input_major:
            return value
        if form in ("q8", "q8_0") and (self.kind == "one" or not self.bytes):
            return value  # 16 bits are as good as f32, for the tolerance of this format
        group = JOINED if self.joins(form, inputs) else packed_weights.GROUP[form]
        return rounded_inputs.RoundsInputs(value, lambda x: rounded_inputs.to_bytes(x, group))
