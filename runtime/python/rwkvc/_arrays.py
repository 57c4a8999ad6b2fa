# Numbers across the border: token ids and floats as ctypes arrays in, memoryviews out. numpy is neither needed nor
# imported; numpy.frombuffer and numpy.asarray take what comes out without a copy.
from __future__ import annotations

import array
import collections.abc
import ctypes
from typing import Any, Dict, Iterable, Tuple

from ._library import Error, Status


def token_array(tokens: Iterable[int]) -> array.array:
    """Ids as C's int32_t. ctypes would wrap numbers that are too large; array refuses them."""
    try:
        return array.array("i", tokens)
    except OverflowError:
        raise Error(Status.INVALID_ARGUMENT, "a token id needs more than 32 bits") from None


def unsigned(what: str, value: int, bits: int = 32) -> int:
    """ctypes would wrap a number that is too large or negative."""
    if not 0 <= value < 1 << bits:
        raise Error(Status.INVALID_ARGUMENT, f"{what} is {value}, but goes from 0 to {(1 << bits) - 1}")
    return value


def pointer_to(values: array.array, kind: Any) -> Any:
    """The memory of `values`, which must outlive the pointer and keep its length."""
    return (kind * len(values)).from_buffer(values) if values else None


def new_floats(count: int) -> Any:
    return (ctypes.c_float * count)()


def view(floats: Any, shape: Tuple[int, ...] = ()) -> memoryview:
    """A memoryview of format 'f' on a ctypes array, which it keeps alive."""
    raw = memoryview(floats).cast("B")
    return raw.cast("f", shape) if len(shape) > 1 else raw.cast("f")


def copied_floats(values: Any) -> Any:
    """float32 from any C-contiguous buffer of them (numpy, memoryview, array), or from an iterable of numbers."""
    try:
        buffer = memoryview(values)
    except TypeError:
        buffer = memoryview(array.array("f", values))
    if buffer.format not in ("f", "=f", "<f", "@f") or not buffer.c_contiguous:
        raise TypeError(f"float32 in C order is needed, not format '{buffer.format}' with strides {buffer.strides}")
    return (ctypes.c_float * (buffer.nbytes // 4)).from_buffer_copy(buffer)


class Logits(collections.abc.Sequence):
    """Logits of some rows: `logits[i]` is a memoryview of floats, [vocabulary].

    numpy.asarray(logits) is [rows, vocabulary], without a copy; `logits.flat` is all of them as one memoryview.
    """

    def __init__(self, rows: int, vocabulary: int) -> None:
        self._floats = new_floats(rows * vocabulary)
        self._shape = (rows, vocabulary)
        self.flat: memoryview = view(self._floats)

    def __len__(self) -> int:
        return self._shape[0]

    def __getitem__(self, row: Any) -> Any:
        rows, vocabulary = self._shape
        if isinstance(row, slice):
            return [self[i] for i in range(*row.indices(rows))]
        if not -rows <= row < rows:
            raise IndexError(f"row {row} of {rows} rows of logits")
        first = row % rows * vocabulary
        return self.flat[first:first + vocabulary]

    @property
    def __array_interface__(self) -> Dict[str, object]:
        return {"version": 3, "shape": self._shape, "typestr": "<f4", "data": (ctypes.addressof(self._floats), False)}
