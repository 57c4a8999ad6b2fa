# Rounds weights to ggml's formats and back, by ggml's own code: what a peer's format costs, without the rest of it.
import ctypes

import numpy as np

# ggml's number of the type.
TYPES = {"f16": 1, "q4_0": 2, "q4_1": 3, "q5_0": 6, "q5_1": 7, "q8_0": 8, "q4_K": 12, "q5_K": 13, "q6_K": 14}


class InitParams(ctypes.Structure):
    _fields_ = [("mem_size", ctypes.c_size_t), ("mem_buffer", ctypes.c_void_p), ("no_alloc", ctypes.c_bool)]


class Ggml:
    def __init__(self, library):
        self.library = ctypes.CDLL(library)
        # The first context fills the tables by which ggml widens half-precision scales.
        self.library.ggml_init.restype = ctypes.c_void_p
        self.library.ggml_init.argtypes = [InitParams]
        self.library.ggml_init(InitParams(1 << 16, None, False))
        self.library.ggml_quantize_chunk.restype = ctypes.c_size_t
        self.library.ggml_quantize_chunk.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64,
                                                     ctypes.c_int64, ctypes.c_int64, ctypes.c_void_p]
        for size in ("ggml_row_size", "ggml_type_size"):
            getattr(self.library, size).restype = ctypes.c_size_t
        self.library.ggml_row_size.argtypes = [ctypes.c_int, ctypes.c_int64]
        self.library.ggml_type_size.argtypes = [ctypes.c_int]
        self.library.ggml_blck_size.restype = ctypes.c_int64
        self.library.ggml_blck_size.argtypes = [ctypes.c_int]

    def fits(self, matrix, kind):
        return matrix.shape[-1] % self.library.ggml_blck_size(TYPES[kind]) == 0

    def bits(self, kind):
        return 8 * self.library.ggml_type_size(TYPES[kind]) / self.library.ggml_blck_size(TYPES[kind])

    def rounded(self, matrix, kind):
        """A float32 matrix [rows, columns] of the values that `kind` keeps of it."""
        values = np.ascontiguousarray(matrix, np.float32)
        if kind == "f16":
            return values.astype(np.float16).astype(np.float32)
        rows, columns = values.shape
        stored = ctypes.create_string_buffer(rows * self.library.ggml_row_size(TYPES[kind], columns))
        self.library.ggml_quantize_chunk(TYPES[kind], values.ctypes.data, stored, 0, rows, columns, None)
        result = np.empty_like(values)
        widen = getattr(self.library, "dequantize_row_" + kind)
        widen.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64]
        widen.restype = None
        widen(stored, result.ctypes.data, values.size)
        return result
