# One sequence's memory.
from __future__ import annotations

import os
from typing import Any, Iterable, Union

from ._arrays import copied_floats, new_floats, view
from ._handle import Handle
from ._library import Error, Status, call, library
from ._model import Model, Path


class State(Handle):
    """Everything that one sequence remembers: think of it as the sequence itself. Use it from one thread at a time."""

    _release = library.rwkvc_state_release

    def __init__(self, model: Model) -> None:
        """A sequence that has seen no token."""
        self.model = model
        self._open("rwkvc_state_create", model._pointer)

    def copy(self) -> State:
        """A second sequence that goes on from here."""
        result = State(self.model)
        result.assign(self)
        return result

    def assign(self, source: State) -> None:
        """Becomes what `source` is, which may be of another file compiled from the same checkpoint."""
        call("rwkvc_state_copy", self._pointer, source._pointer)

    def reset(self) -> None:
        """Forgets all."""
        call("rwkvc_state_reset", self._pointer)

    def save(self, path: Path) -> None:
        """Replaces the file at once: readers see the old one or the new one."""
        call("rwkvc_state_save", self._pointer, os.fsencode(path))

    def load(self, path: Path) -> None:
        """Reads what save() wrote. When it raises, the state is as before."""
        call("rwkvc_state_load", self._pointer, os.fsencode(path))

    def get(self, slot: Union[None, int, str] = None) -> memoryview:
        """A copy of one slot's floats in its shape (info.slots, by name or index), or of all: [state_floats].

        numpy.asarray(state.get("layer.0.wkv")) is an array of the slot's shape.
        """
        if slot is None:
            floats = new_floats(self.model.info.state_floats)
            call("rwkvc_state_get", self._pointer, floats, len(floats))
            return view(floats)
        index = self._slot(slot)
        description = self.model.info.slots[index]
        floats = new_floats(description.floats)
        call("rwkvc_state_get_slot", self._pointer, index, floats, len(floats))
        return view(floats, description.shape)

    def set(self, floats: Union[Iterable[float], Any], slot: Union[None, int, str] = None) -> None:
        """Overwrites one slot, or all: float32 in a buffer (numpy, memoryview, array.array), or numbers."""
        values = copied_floats(floats)
        if slot is None:
            call("rwkvc_state_set", self._pointer, values, len(values))
        else:
            call("rwkvc_state_set_slot", self._pointer, self._slot(slot), values, len(values))

    def _slot(self, slot: Union[int, str]) -> int:
        names = [description.name for description in self.model.info.slots]
        index = names.index(slot) if slot in names else slot
        if not isinstance(index, int) or not 0 <= index < len(names):
            raise Error(Status.INVALID_ARGUMENT, f"the state has no slot {slot!r}")
        return index
