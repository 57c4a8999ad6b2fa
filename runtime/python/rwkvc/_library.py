# Finds librwkvc.so, checks that it is of this package's version, and says in ctypes what rwkvc.h says in C.
# Whatever the C library calls a status becomes rwkvc.Error here.
from __future__ import annotations

import ctypes
import enum
import os
import pathlib
from ctypes import POINTER, c_char_p, c_double, c_float, c_int32, c_uint8, c_uint32, c_uint64, c_void_p

VERSION = "0.1.0"


class Status(enum.IntEnum):
    """What became of a call; see rwkvc.h for what each means."""

    OK = 0
    INVALID_ARGUMENT = 1
    IO_ERROR = 2
    CORRUPTED = 3
    INCOMPATIBLE = 4
    WRONG_MODEL = 5
    OUT_OF_RESOURCES = 6


class Error(Exception):
    """A call of the library failed: `str(error)` is its sentence, `error.status` a Status."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = Status(status)


class SlotStruct(ctypes.Structure):
    _fields_ = [("name", c_char_p), ("rank", c_uint32), ("shape", c_uint32 * 4), ("first_float", c_uint64),
                ("floats", c_uint64), ("initial", c_float)]


class ModelInfoStruct(ctypes.Structure):
    _fields_ = [
        *((name, c_char_p) for name in ("compiler", "architecture", "target_triple", "target_cpu", "cpu_features",
                                        "weight_formats", "kernels")),
        *((name, c_uint32) for name in ("layers", "channels", "heads", "head_size", "ffn_width", "vocabulary",
                                        "max_rows", "abi_version", "slot_count")),
        ("slots", POINTER(SlotStruct)),
        *((name, c_uint64) for name in ("state_floats", "state_bytes", "arena_row_bytes", "file_bytes", "image_bytes",
                                        "weights_offset", "weights_bytes", "decode_bytes", "skippable_bytes", "row_flops",
                                        "head_flops")),
        ("model_id", c_uint8 * 16),
        *((name, c_uint64) for name in ("image_hash", "weights_hash", "content_hash")),
    ]


class BatchStruct(ctypes.Structure):
    _fields_ = [("rows", c_uint64), ("sequences", c_uint64), ("wanted", c_uint64), ("tokens", POINTER(c_int32)),
                ("first_row", POINTER(c_uint64)), ("states", POINTER(c_void_p)), ("wanted_rows", POINTER(c_uint64))]


class SamplingStruct(ctypes.Structure):
    _fields_ = [("struct_bytes", c_uint64), ("temperature", c_float), ("top_p", c_float), ("min_p", c_float),
                ("top_k", c_uint32), ("presence_penalty", c_float), ("frequency_penalty", c_float),
                ("penalty_decay", c_float), ("seed", c_uint64), ("bias_tokens", POINTER(c_int32)),
                ("bias_values", POINTER(c_float)), ("bias_count", c_uint64)]


OnText = ctypes.CFUNCTYPE(ctypes.c_int, c_void_p, c_void_p, c_uint64)
OnToken = ctypes.CFUNCTYPE(None, c_void_p, c_int32)


class GenerationStruct(ctypes.Structure):
    _fields_ = [("struct_bytes", c_uint64), ("max_tokens", c_uint64), ("stops", POINTER(c_char_p)),
                ("stop_count", c_uint64), ("on_text", OnText), ("user", c_void_p), ("on_token", OnToken)]


class GeneratedStruct(ctypes.Structure):
    _fields_ = [("prompt_tokens", c_uint64), ("tokens", c_uint64), ("finish", ctypes.c_int),
                ("first_token_s", c_double), ("total_s", c_double)]


# Functions that can fail return a status; `call` is the way to them.
FALLIBLE = {
    "rwkvc_model_load": [c_char_p, POINTER(c_void_p)],
    "rwkvc_model_verify": [c_void_p],
    "rwkvc_state_create": [c_void_p, POINTER(c_void_p)],
    "rwkvc_state_reset": [c_void_p],
    "rwkvc_state_copy": [c_void_p, c_void_p],
    "rwkvc_state_get": [c_void_p, POINTER(c_float), c_uint64],
    "rwkvc_state_set": [c_void_p, POINTER(c_float), c_uint64],
    "rwkvc_state_get_slot": [c_void_p, c_uint32, POINTER(c_float), c_uint64],
    "rwkvc_state_set_slot": [c_void_p, c_uint32, POINTER(c_float), c_uint64],
    "rwkvc_state_save": [c_void_p, c_char_p],
    "rwkvc_state_load": [c_void_p, c_char_p],
    "rwkvc_session_create": [c_void_p, c_uint32, POINTER(c_void_p)],
    "rwkvc_session_step": [c_void_p, POINTER(BatchStruct), POINTER(c_float)],
    "rwkvc_model_tokenizer": [c_void_p, POINTER(c_void_p)],
    "rwkvc_tokenizer_create": [c_char_p, c_uint64, POINTER(c_void_p)],
    "rwkvc_tokenizer_encode": [c_void_p, c_char_p, c_uint64, POINTER(c_int32), c_uint64, POINTER(c_uint64)],
    "rwkvc_tokenizer_decode": [c_void_p, POINTER(c_int32), c_uint64, c_char_p, c_uint64, POINTER(c_uint64)],
    "rwkvc_sampler_create": [c_uint32, POINTER(SamplingStruct), POINTER(c_void_p)],
    "rwkvc_sampler_sample": [c_void_p, POINTER(c_float), POINTER(c_int32)],
    "rwkvc_session_generate": [c_void_p, c_void_p, c_void_p, c_char_p, c_uint64, POINTER(GenerationStruct),
                               POINTER(GeneratedStruct)],
}
OTHERS = {
    "rwkvc_version": (c_char_p, []),
    "rwkvc_status_message": (c_char_p, [ctypes.c_int]),
    "rwkvc_model_release": (None, [c_void_p]),
    "rwkvc_model_info": (POINTER(ModelInfoStruct), [c_void_p]),
    "rwkvc_state_release": (None, [c_void_p]),
    "rwkvc_session_release": (None, [c_void_p]),
    "rwkvc_session_threads": (c_uint32, [c_void_p]),
    "rwkvc_tokenizer_release": (None, [c_void_p]),
    "rwkvc_tokenizer_kind": (c_char_p, [c_void_p]),
    "rwkvc_tokenizer_size": (c_uint32, [c_void_p]),
    "rwkvc_tokenizer_end": (c_int32, [c_void_p]),
    "rwkvc_sampling_init": (None, [POINTER(SamplingStruct)]),
    "rwkvc_sampler_release": (None, [c_void_p]),
    "rwkvc_sampler_reset": (None, [c_void_p]),
    "rwkvc_generation_init": (None, [POINTER(GenerationStruct)]),
}


def candidates() -> list[str]:
    """Where the library is looked for, best first."""
    chosen = os.environ.get("RWKVC_LIBRARY")
    if chosen:
        return [chosen]
    package = pathlib.Path(__file__).resolve().parent
    return [
        str(package / "librwkvc.so"),  # copied into the package
        str(package.parents[2] / "librwkvc.so"),  # PREFIX/lib, for a package in PREFIX/lib/python3/dist-packages
        str(package.parents[2] / "build" / "lib" / "librwkvc.so"),  # a checkout, built
        "librwkvc.so",  # wherever the system's loader looks
    ]


def load_library() -> ctypes.CDLL:
    tried = candidates()
    for path in tried:
        if os.sep in path and len(tried) > 1 and not os.path.exists(path):
            continue
        try:
            return declare(ctypes.CDLL(path), path)
        except OSError as error:
            if path != tried[-1] or len(tried) == 1:
                raise ImportError(f"cannot load '{path}': {error}") from None
    raise ImportError("librwkvc.so was not found: set RWKVC_LIBRARY to its path. Looked at " + ", ".join(tried))


def declare(library: ctypes.CDLL, path: str) -> ctypes.CDLL:
    try:
        for name, (result, arguments) in OTHERS.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
        for name, arguments in FALLIBLE.items():
            function = getattr(library, name)
            function.restype, function.argtypes = ctypes.c_int, arguments
    except AttributeError as error:
        raise ImportError(f"'{path}' is another librwkvc.so than rwkvc {VERSION} needs: {error}") from None
    version = library.rwkvc_version().decode()
    if version != VERSION:
        raise ImportError(f"'{path}' is of version {version}, but this package of {VERSION}")
    for initialize, struct in ((library.rwkvc_sampling_init, SamplingStruct()),
                               (library.rwkvc_generation_init, GenerationStruct())):
        initialize(struct)
        if struct.struct_bytes != ctypes.sizeof(struct):
            raise ImportError(f"'{path}' has another {type(struct).__name__} than this package")
    return library


library = load_library()


def call(name: str, *arguments: object) -> None:
    """Calls a fallible function; raises Error unless it returns OK."""
    status = getattr(library, name)(*arguments)
    if status != Status.OK:
        raise Error(status, library.rwkvc_status_message(status).decode(errors="replace"))
