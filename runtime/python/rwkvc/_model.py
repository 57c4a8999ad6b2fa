# A loaded model, and everything that it says of itself.
from __future__ import annotations

import dataclasses
import os
from typing import Tuple, Union

from ._handle import Handle
from ._library import ModelInfoStruct, call, library
from ._tokenizer import Tokenizer

Path = Union[str, "os.PathLike[str]"]


@dataclasses.dataclass(frozen=True)
class Slot:
    """One tensor of a sequence's state."""

    name: str  # "layer.0.wkv"
    shape: Tuple[int, ...]  # (C,) or (H, N, N)
    first_float: int  # among the state's floats
    floats: int
    initial: float  # every element of a fresh state


@dataclasses.dataclass(frozen=True)
class ModelInfo:
    """What rwkvc_model_info tells; sizes are bytes where the name says so."""

    compiler: str  # "rwkvc 0.1.0"
    architecture: str  # "rwkv7"
    target_triple: str
    target_cpu: str  # "znver4"
    cpu_features: str  # what the code may use: "avx2,fma"
    weight_formats: str  # "emb=f32,head=q8,att=q4"
    kernels: str  # a line per distinct kernel: name, count, backend, schedule
    layers: int
    channels: int
    heads: int  # 0 for rwkv4
    head_size: int  # 0 for rwkv4
    ffn_width: int
    vocabulary: int  # token ids are below it; logits of a row
    max_rows: int  # rows that one pass takes; longer batches are split
    abi_version: int
    slots: Tuple[Slot, ...]
    state_floats: int  # of one sequence, all slots
    state_bytes: int  # memory of one sequence's state
    arena_row_bytes: int  # a session's activations, per row
    file_bytes: int
    image_bytes: int
    weights_offset: int
    weights_bytes: int
    decode_bytes: int  # weight bytes read to decode one token of one sequence, if none are skipped
    skippable_bytes: int  # of them, those that are not read where activations are zero
    row_flops: int  # matrix multiply-adds * 2 for one row, without the head
    head_flops: int  # the same for one wanted row's logits
    model_id: bytes  # [16], of the source checkpoint: states belong to it
    image_hash: int  # XXH3-64
    weights_hash: int
    content_hash: int  # names the whole file


def _python(struct: ModelInfoStruct) -> ModelInfo:
    values = {}
    for field in dataclasses.fields(ModelInfo):
        value = getattr(struct, field.name)
        values[field.name] = value.decode(errors="replace") if isinstance(value, bytes) else value
    values["model_id"] = bytes(struct.model_id)
    values["slots"] = tuple(
        Slot(slot.name.decode(errors="replace"), tuple(slot.shape[:slot.rank]), slot.first_float, slot.floats,
             slot.initial) for slot in struct.slots[:struct.slot_count])
    return ModelInfo(**values)


class Model(Handle):
    """A compiled model: code and weights, mapped from one file. Any number of threads may use it at once.

    A model is machine code and runs with all of your rights: load only what you trust.
    """

    _release = library.rwkvc_model_release

    def __init__(self, path: Path) -> None:
        self._open("rwkvc_model_load", os.fsencode(path))
        self.info: ModelInfo = _python(library.rwkvc_model_info(self._pointer).contents)

    @property
    def tokenizer(self) -> Tokenizer:
        """What the model was compiled with; raises Error if that is none."""
        return Tokenizer._of(self)

    def verify(self) -> None:
        """Reads all weights and compares their hash; raises Error if the file is damaged."""
        call("rwkvc_model_verify", self._pointer)
