"""Runs RWKV models that rwkvc has compiled. Needs librwkvc.so and nothing else: no numpy, no compiler.

    import rwkvc
    with rwkvc.Model("model.so") as model, rwkvc.Session(model) as session, rwkvc.State(model) as state:
        logits = session.step(state, [34, 105, 110])   # memoryview of float32, [vocabulary]

The library is found beside the package, in its install tree or its checkout, by the system's loader, or, before all
of these, by the environment variable RWKVC_LIBRARY.
"""
from ._arrays import Logits
from ._library import VERSION as __version__
from ._library import Error, Status
from ._model import Model, ModelInfo, Slot
from ._session import Session
from ._state import State

__all__ = ["Error", "Logits", "Model", "ModelInfo", "Session", "Slot", "State", "Status"]
