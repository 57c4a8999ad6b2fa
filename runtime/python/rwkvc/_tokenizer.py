# Text to token ids and back.
from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Iterable, List, Optional, Union

from ._arrays import pointer_to, token_array
from ._handle import Handle
from ._library import call, library

if TYPE_CHECKING:
    from ._model import Model


def text_bytes(text: Union[str, bytes]) -> bytes:
    """Text is UTF-8; bytes are taken as they are. Lone surrogates, as in file names, become the bytes they stand for."""
    return text.encode(errors="surrogateescape") if isinstance(text, str) else bytes(text)


class Tokenizer(Handle):
    """What a model was compiled with: `model.tokenizer`. Any number of threads may use it at once."""

    _release = library.rwkvc_tokenizer_release

    def __init__(self, packed: bytes) -> None:
        """From the packed form that models embed."""
        self.model: Optional[Model] = None
        self._open("rwkvc_tokenizer_create", packed, len(packed))

    @classmethod
    def _of(cls, model: Model) -> Tokenizer:
        self = cls.__new__(cls)
        self._release = lambda handle: None  # the model's own
        self._open("rwkvc_model_tokenizer", model._pointer)
        self.model = model
        return self

    @property
    def _pointer(self) -> ctypes.c_void_p:
        if self.model is not None:
            self.model._pointer  # raises if the model, and so its tokenizer, is closed
        return super()._pointer

    @property
    def kind(self) -> str:
        """ "bytes", "longest-match" or "bpe"."""
        return library.rwkvc_tokenizer_kind(self._pointer).decode()

    @property
    def size(self) -> int:
        """Ids are below it."""
        return library.rwkvc_tokenizer_size(self._pointer)

    @property
    def end(self) -> Optional[int]:
        """The id that ends a text, if there is one."""
        end = library.rwkvc_tokenizer_end(self._pointer)
        return None if end < 0 else end

    def encode(self, text: Union[str, bytes]) -> List[int]:
        """The ids of a text; of bytes, too, which need not be UTF-8."""
        data = text_bytes(text)
        capacity, count = len(data), ctypes.c_uint64()
        while True:
            ids = (ctypes.c_int32 * capacity)()
            call("rwkvc_tokenizer_encode", self._pointer, data, len(data), ids, capacity, count)
            if count.value <= capacity:
                return ids[:count.value]
            capacity = count.value

    def decode_bytes(self, tokens: Iterable[int]) -> bytes:
        """The bytes of some ids; a character may be cut at either end."""
        ids = token_array(tokens)
        capacity, count = 8 * len(ids), ctypes.c_uint64()
        while True:
            text = ctypes.create_string_buffer(capacity + 1)
            call("rwkvc_tokenizer_decode", self._pointer, pointer_to(ids, ctypes.c_int32), len(ids), text, capacity,
                 count)
            if count.value <= capacity:
                return text.raw[:count.value]
            capacity = count.value

    def decode(self, tokens: Iterable[int]) -> str:
        """The text of some ids, with U+FFFD for what is not UTF-8."""
        return self.decode_bytes(tokens).decode(errors="replace")
