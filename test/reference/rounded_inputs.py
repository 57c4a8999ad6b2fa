# Matrices that are multiplied with rounded rows, as dialects/Kernel/Quantize.td defines kernel.quantize.
import numpy as np

import writers


def to_bytes(x, group):
    """float64 [K]: every `group` inputs are integers up to 127 times a scale."""
    groups = np.zeros((-(-len(x) // group), group), np.float32)
    groups.reshape(-1)[:len(x)] = x
    scale = np.abs(groups).max(axis=1, keepdims=True) / np.float32(127)
    inverse = np.divide(np.float32(1), scale, out=np.zeros_like(scale), where=scale != 0)
    return (np.rint(groups * inverse).astype(np.float64) * scale).reshape(-1)[:len(x)]


def to_bf16(x):
    return writers.round_to(x, "BF16").astype(np.float64)


class RoundsInputs(np.ndarray):
    """`matrix @ x` and `x @ matrix` round x first, and its parts do the same."""

    def __new__(cls, matrix, rounded):
        self = np.asarray(matrix).view(cls)
        self.rounded = rounded
        return self

    def __array_finalize__(self, parent):
        self.rounded = getattr(parent, "rounded", None)

    def __matmul__(self, x):
        return np.asarray(self) @ self.rounded(np.asarray(x))

    def __rmatmul__(self, x):
        return self.rounded(np.asarray(x)) @ np.asarray(self)
