"""Runs RWKV models that rwkvc has compiled. Needs librwkvc.so and nothing else: no numpy, no compiler.

    import rwkvc
    with rwkvc.Model("model.so") as model, rwkvc.Session(model) as session:
        for piece in session.stream("Once upon a time", max_tokens=100):
            print(piece, end="", flush=True)
        state = rwkvc.State(model)
        logits = session.step(state, model.tokenizer.encode("Hello"))   # memoryview of float32, [vocabulary]

The library is found beside the package, in its install tree or its checkout, by the system's loader, or, before all
of these, by the environment variable RWKVC_LIBRARY.
"""
from ._arrays import Logits
from ._generation import Finish, Generated, Stream
from ._library import VERSION as __version__
from ._library import Error, Status
from ._model import Model, ModelInfo, Slot
from ._sampling import Sampler, Sampling
from ._session import Session
from ._state import State
from ._tokenizer import Tokenizer

__all__ = ["Error", "Finish", "Generated", "Logits", "Model", "ModelInfo", "Sampler", "Sampling", "Session", "Slot",
           "State", "Status", "Stream", "Tokenizer"]
