# What all objects of the library share: one owner in Python, released once, never used afterwards.
from __future__ import annotations

import ctypes
from typing import Any, Callable, Optional, TypeVar

from ._library import Error, Status, call

Self = TypeVar("Self", bound="Handle")


class Handle:
    """An object of the library: released by close(), at the end of `with`, or when nothing refers to it."""

    _release: Callable[[ctypes.c_void_p], None]
    _handle: Optional[ctypes.c_void_p] = None
    _user: Any = None  # the answer or stream that is using it

    def _open(self, create: str, *arguments: object) -> None:
        handle = ctypes.c_void_p()
        call(create, *arguments, ctypes.byref(handle))
        self._handle = handle

    @property
    def _pointer(self) -> ctypes.c_void_p:
        if self._handle is None:
            raise Error(Status.INVALID_ARGUMENT, f"this {type(self).__name__} is closed")
        if self._user is not None:
            raise Error(Status.INVALID_ARGUMENT, f"this {type(self).__name__} is generating: end that first")
        return self._handle

    def close(self) -> None:
        """Releases it now. Closing twice is fine; any other use afterwards raises Error."""
        if self._user is not None:
            self._user.close()
        handle, self._handle = self._handle, None
        if handle is not None:
            self._release(handle)

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()
