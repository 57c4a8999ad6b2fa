# Compares batches that mix sequences with the same sequences run alone, bit by bit: several prompts and decoded
# tokens in one step, over any number of threads, and batches longer than the module's largest step. Where rows are
# rounded as their number asks for, 'rounded' gives a sequence that runs alone some rows of another one for company.
import ctypes
import sys
from ctypes import POINTER, byref, c_char_p, c_float, c_int32, c_uint64, c_void_p

import numpy as np


class Batch(ctypes.Structure):
    _fields_ = [("rows", c_uint64), ("sequences", c_uint64), ("wanted", c_uint64), ("tokens", POINTER(c_int32)),
                ("first_row", POINTER(c_uint64)), ("states", POINTER(c_void_p)), ("wanted_rows", POINTER(c_uint64))]


class Runtime:
    def __init__(self, library, module, threads):
        self.library = ctypes.CDLL(library)
        self.library.rwkvc_status_message.restype = c_char_p
        self.model, self.session = c_void_p(), c_void_p()
        self.call("rwkvc_model_load", module.encode(), byref(self.model))
        self.call("rwkvc_session_create", self.model, threads, byref(self.session))

    def call(self, name, *arguments):
        status = getattr(self.library, name)(*arguments)
        if status:
            sys.exit(f"{name}: {self.library.rwkvc_status_message(status).decode()}")

    def state(self):
        state = c_void_p()
        self.call("rwkvc_state_create", self.model, byref(state))
        return state

    def step(self, states, prompts, vocabulary):
        """The logits of every row of `prompts`, one for each of `states`, in one batch."""
        tokens = np.concatenate(prompts).astype(np.int32)
        first = np.cumsum([0] + [len(prompt) for prompt in prompts]).astype(np.uint64)
        wanted = np.arange(len(tokens), dtype=np.uint64)
        handles = (c_void_p * len(states))(*states)
        logits = np.full((len(tokens), vocabulary), np.nan, np.float32)
        pointer = lambda array, kind: array.ctypes.data_as(POINTER(kind))
        batch = Batch(len(tokens), len(states), len(wanted), pointer(tokens, c_int32), pointer(first, c_uint64), handles,
                      pointer(wanted, c_uint64))
        self.call("rwkvc_session_step", self.session, byref(batch), pointer(logits, c_float))
        return np.split(logits, first[1:-1].astype(int))


def company(lengths):
    """So many rows beside a sequence make a step of a few rows, or of many, as all of `lengths` do."""
    return 3 if sum(lengths) <= 16 else 17


def check(library, module, vocabulary, lengths, threads, rounded):
    random = np.random.default_rng(len(lengths))
    prompts = [random.integers(0, vocabulary, length) for length in lengths]
    runtime = Runtime(library, module, threads)
    alone, together = [runtime.state() for _ in lengths], [runtime.state() for _ in lengths]
    for _ in range(2):  # again, from states that the first batch left
        others = [np.zeros(company(lengths), int)] if rounded else []
        expected = [runtime.step([state] + [runtime.state() for _ in others], [prompt] + others, vocabulary)[0]
                    for state, prompt in zip(alone, prompts)]
        got = runtime.step(together, prompts, vocabulary)
        for index, (a, b) in enumerate(zip(expected, got)):
            if not np.isfinite(a).all() or a.tobytes() != b.tobytes():
                sys.exit(f"sequence {index} of {lengths} differs at {threads} threads by {np.abs(a - b).max()}")


if __name__ == "__main__":
    library, module, vocabulary = sys.argv[1], sys.argv[2], int(sys.argv[3])
    for threads in (1, 2, 3):
        for lengths in ([5, 1, 9], [1] * 8, [13, 1, 1, 2], [1, 40], [17]):
            check(library, module, vocabulary, lengths, threads, "rounded" in sys.argv[4:])
    print("batches equal their sequences alone")
