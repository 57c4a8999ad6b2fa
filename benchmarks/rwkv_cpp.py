# One measurement of rwkv.cpp through its C library: rwkv_cpp.py LIBRARY MODEL decode|prefill COUNT THREADS prints JSON.
import ctypes
import json
import random
import sys
import time

# Tokens that rwkv.cpp takes at once from a prompt: larger graphs gain nothing and cost memory.
CHUNK = 64
WARM_UP = 4  # tokens decoded before the clock starts

Floats = ctypes.POINTER(ctypes.c_float)


def bind(path):
    library = ctypes.CDLL(path)
    library.rwkv_init_from_file.restype = ctypes.c_void_p
    library.rwkv_init_from_file.argtypes = [ctypes.c_char_p, ctypes.c_uint32, ctypes.c_uint32]
    for length in ("rwkv_get_state_len", "rwkv_get_logits_len"):
        getattr(library, length).restype = ctypes.c_size_t
        getattr(library, length).argtypes = [ctypes.c_void_p]
    library.rwkv_init_state.argtypes = [ctypes.c_void_p, Floats]
    library.rwkv_eval.restype = ctypes.c_bool
    library.rwkv_eval.argtypes = [ctypes.c_void_p, ctypes.c_uint32, Floats, Floats, Floats]
    library.rwkv_eval_sequence_in_chunks.restype = ctypes.c_bool
    library.rwkv_eval_sequence_in_chunks.argtypes = [ctypes.c_void_p, ctypes.POINTER(ctypes.c_uint32), ctypes.c_size_t,
                                                     ctypes.c_size_t, Floats, Floats, Floats]
    return library


class Model:
    def __init__(self, library, path, threads):
        self.library = library
        self.context = library.rwkv_init_from_file(path.encode(), threads, 0)
        if not self.context:
            sys.exit(f"rwkv.cpp does not load '{path}'")
        self.state = (ctypes.c_float * library.rwkv_get_state_len(self.context))()
        self.logits = (ctypes.c_float * library.rwkv_get_logits_len(self.context))()
        library.rwkv_init_state(self.context, self.state)

    def tokens(self, count):
        return (ctypes.c_uint32 * count)(*(random.randrange(len(self.logits)) for _ in range(count)))

    def decode(self, tokens):
        for token in tokens:
            if not self.library.rwkv_eval(self.context, token, self.state, self.state, self.logits):
                sys.exit("rwkv_eval failed")

    def prefill(self, tokens):
        if not self.library.rwkv_eval_sequence_in_chunks(self.context, tokens, len(tokens), CHUNK, self.state,
                                                         self.state, self.logits):
            sys.exit("rwkv_eval_sequence_in_chunks failed")


def main():
    path, file, what, count, threads = sys.argv[1:6]
    model = Model(bind(path), file, int(threads))
    run = model.decode if what == "decode" else model.prefill
    run(model.tokens(WARM_UP if what == "decode" else CHUNK))
    tokens = model.tokens(int(count))
    begin = time.perf_counter()
    run(tokens)
    print(json.dumps({"tokens_per_s": len(tokens) / (time.perf_counter() - begin)}))


if __name__ == "__main__":
    main()
