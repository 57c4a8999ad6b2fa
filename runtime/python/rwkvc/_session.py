# Threads that run a model: token rows in, logits out.
from __future__ import annotations

import array
import ctypes
from ctypes import POINTER, c_float, c_int32, c_uint64, c_void_p
from typing import Callable, Iterable, List, Optional, Tuple, Union

from ._arrays import Logits, pointer_to, token_array, unsigned
from ._generation import Answer, Generated, Stream, Worker
from ._handle import Handle
from ._library import BatchStruct, Error, Status, call, library
from ._model import Model
from ._sampling import Sampler, Sampling
from ._state import State
from ._tokenizer import text_bytes


class Session(Handle):
    """Threads and working memory to run one model. Use it from one thread at a time; Python's lock is let go while
    it computes, so sessions in several threads run side by side."""

    _release = library.rwkvc_session_release

    def __init__(self, model: Model, threads: int = 0) -> None:
        """`threads` counts the caller's; 0 means one per CPU. Results do not depend on it."""
        self.model = model
        self._open("rwkvc_session_create", model._pointer, unsigned("threads", threads))

    @property
    def threads(self) -> int:
        return library.rwkvc_session_threads(self._pointer)

    def step(self, state: State, tokens: Iterable[int]) -> memoryview:
        """Feeds tokens (at least one) to one sequence. Returns the last one's logits: floats, [vocabulary]."""
        return self.step_batch([(state, tokens)])[0]

    def step_batch(self, sequences: Iterable[Tuple[State, Iterable[int]]],
                   want: Union[str, Iterable[int]] = "last") -> Logits:
        """Feeds tokens to several sequences at once, which costs far less than one after the other.

        `want` says which rows' logits are computed and returned: "last" of each sequence, "all", "none", or ascending
        numbers among all rows of the batch. Each state may be named once. A batch that is wrong changes nothing.
        """
        tokens, first_row = array.array("i"), array.array("Q", [0])
        states: List[State] = []
        for state, more in sequences:
            tokens.extend(token_array(more))
            first_row.append(len(tokens))
            states.append(state)
        wanted = _wanted_rows(want, first_row)
        logits = Logits(len(wanted), self.model.info.vocabulary)
        handles = (c_void_p * len(states))(*(state._pointer for state in states))
        batch = BatchStruct(len(tokens), len(states), len(wanted))
        batch.tokens = ctypes.cast(pointer_to(tokens, c_int32), POINTER(c_int32))
        batch.first_row = ctypes.cast(pointer_to(first_row, c_uint64), POINTER(c_uint64))
        batch.states = handles
        batch.wanted_rows = ctypes.cast(pointer_to(wanted, c_uint64), POINTER(c_uint64))
        call("rwkvc_session_step", self._pointer, batch, ctypes.cast(logits._floats, POINTER(c_float)))
        return logits

    def generate(self, prompt: Union[str, bytes], *, state: Optional[State] = None, sampling: Sampling = Sampling(),
                 sampler: Optional[Sampler] = None, max_tokens: int = 256, stops: Iterable[Union[str, bytes]] = (),
                 on_text: Optional[Callable[[str], object]] = None) -> Generated:
        """Feeds the prompt, then samples until max_tokens, a stop text (not part of the answer) or the text's end.

        Without a state, the sequence is new and forgotten afterwards. A sampler goes on from where it was; otherwise
        `sampling` makes one. `on_text` gets whole characters as they come, and "" between pieces of a long prompt; if
        it returns true, the answer ends there; what it raises ends the answer and comes out of here.
        """
        hear = on_text or (lambda piece: False)
        answer = self._answer(prompt, state, sampling, sampler, max_tokens, stops, hear)
        return answer.run(answer)

    def stream(self, prompt: Union[str, bytes], *, state: Optional[State] = None, sampling: Sampling = Sampling(),
               sampler: Optional[Sampler] = None, max_tokens: int = 256,
               stops: Iterable[Union[str, bytes]] = ()) -> Stream:
        """The same as an iterator of text pieces; its `result` is there when it has ended."""
        return Stream(Worker(lambda hear: self._answer(prompt, state, sampling, sampler, max_tokens, stops, hear)))

    def _answer(self, prompt: Union[str, bytes], state: Optional[State], sampling: Sampling,
                sampler: Optional[Sampler], max_tokens: int, stops: Iterable[Union[str, bytes]],
                hear: Callable[[str], object]) -> Answer:
        uses = [self, state or State(self.model), sampler or Sampler(self.model, sampling)]
        return Answer(uses, text_bytes(prompt), unsigned("max_tokens", max_tokens, 64),
                      [text_bytes(stop) for stop in stops], hear)


def _wanted_rows(want: Union[str, Iterable[int]], first_row: array.array) -> array.array:
    if want == "last":
        return array.array("Q", (end - 1 for end in first_row[1:] if end))
    if want == "all":
        return array.array("Q", range(first_row[-1]))
    if want == "none":
        return array.array("Q")
    if isinstance(want, str):
        raise Error(Status.INVALID_ARGUMENT, f"want is 'last', 'all', 'none' or row numbers, not {want!r}")
    return array.array("Q", want)
