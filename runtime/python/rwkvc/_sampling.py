# How tokens are chosen.
from __future__ import annotations

import ctypes
import dataclasses
from typing import Any, Mapping, Union

from ._arrays import copied_floats, token_array, unsigned
from ._handle import Handle
from ._library import Error, SamplingStruct, Status, call, library
from ._model import Model


@dataclasses.dataclass(frozen=True)
class Sampling:
    """In this order: bias, penalties, temperature, top_k, min_p, top_p, draw."""

    temperature: float = 1.0  # the logits are divided by it; 0 takes the most probable token
    top_p: float = 1.0  # the fewest tokens that have this share of the probability; 1 is off
    min_p: float = 0.0  # as a share of the most probable token's probability; 0 is off
    top_k: int = 0  # this many of the most probable tokens; 0 is off
    presence_penalty: float = 0.0  # subtracted from the logits of tokens that were sampled before
    frequency_penalty: float = 0.0  # the same, times the token's count
    penalty_decay: float = 1.0  # counts are multiplied by it before a token is counted; RWKV's habit is 0.996
    seed: int = 0  # the same seed and the same logits give the same tokens everywhere
    bias: Mapping[int, float] = dataclasses.field(default_factory=dict)  # added to logits; -inf forbids a token

    def _struct(self) -> SamplingStruct:
        struct = SamplingStruct()
        library.rwkvc_sampling_init(struct)
        for name in ("temperature", "top_p", "min_p", "presence_penalty", "frequency_penalty", "penalty_decay"):
            setattr(struct, name, getattr(self, name))
        struct.top_k, struct.seed = unsigned("top_k", self.top_k), unsigned("seed", self.seed, 64)
        struct.bias_count = count = len(self.bias)
        struct.bias_tokens = (ctypes.c_int32 * count)(*token_array(self.bias))
        struct.bias_values = (ctypes.c_float * count)(*self.bias.values())
        return struct


class Sampler(Handle):
    """Chooses tokens, and remembers which for the penalties. Use it from one thread at a time."""

    _release = library.rwkvc_sampler_release

    def __init__(self, vocabulary: Union[int, Model], sampling: Sampling = Sampling()) -> None:
        self.vocabulary: int = vocabulary.info.vocabulary if isinstance(vocabulary, Model) else vocabulary
        self.sampling = sampling
        self._open("rwkvc_sampler_create", self.vocabulary, sampling._struct())

    def sample(self, logits: Any) -> int:
        """The next token for one row of logits, [vocabulary]: a memoryview of step(), a numpy row, or numbers."""
        values, token = copied_floats(logits), ctypes.c_int32()
        if len(values) != self.vocabulary:
            raise Error(Status.INVALID_ARGUMENT,
                        f"there are {len(values)} logits, but the sampler has {self.vocabulary} tokens")
        call("rwkvc_sampler_sample", self._pointer, values, token)
        return token.value

    def reset(self) -> None:
        """Forgets what it sampled and starts its random stream again."""
        library.rwkvc_sampler_reset(self._pointer)
