"""The runtime's tokenizers through its C API, from packed files as `rwkvc tokenize --pack` writes them."""
import ctypes
import os
import subprocess
import tempfile


class Tokenizer:
    def __init__(self, library, packed):
        self.library = library
        self.handle = ctypes.c_void_p()
        self._check(library.rwkvc_tokenizer_create(packed, ctypes.c_uint64(len(packed)), ctypes.byref(self.handle)))
        self.kind = library.rwkvc_tokenizer_kind(self.handle).decode()
        self.size = library.rwkvc_tokenizer_size(self.handle)
        self.end = library.rwkvc_tokenizer_end(self.handle)

    def _check(self, status):
        if status:
            raise ValueError(self.library.rwkvc_status_message(status).decode(errors="replace"))

    def encode(self, text):
        room, count = len(text) + 16, ctypes.c_uint64()
        while True:
            ids = (ctypes.c_int32 * room)()
            self._check(self.library.rwkvc_tokenizer_encode(
                self.handle, text, ctypes.c_uint64(len(text)), ids, ctypes.c_uint64(room), ctypes.byref(count)))
            if count.value <= room:
                return ids[: count.value]
            room = count.value

    def decode(self, ids):
        count, wanted = ctypes.c_uint64(), (ctypes.c_int32 * len(ids))(*ids)
        for room in (0, None):
            room = count.value if room is None else room
            text = ctypes.create_string_buffer(room + 1)
            self._check(self.library.rwkvc_tokenizer_decode(
                self.handle, wanted, ctypes.c_uint64(len(ids)), text, ctypes.c_uint64(room), ctypes.byref(count)))
        return text.raw[: count.value]


def load(rwkvc, source):
    """The tokenizer of whatever `rwkvc tokenize` takes."""
    library = ctypes.CDLL(os.path.join(os.path.dirname(rwkvc), "..", "lib", "librwkvc.so"))
    library.rwkvc_tokenizer_kind.restype = library.rwkvc_status_message.restype = ctypes.c_char_p
    library.rwkvc_tokenizer_size.restype = ctypes.c_uint32
    library.rwkvc_tokenizer_encode.argtypes = [
        ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint64, ctypes.c_void_p, ctypes.c_uint64, ctypes.c_void_p]
    library.rwkvc_tokenizer_decode.argtypes = library.rwkvc_tokenizer_encode.argtypes[:1] + [
        ctypes.c_void_p, ctypes.c_uint64, ctypes.c_void_p, ctypes.c_uint64, ctypes.c_void_p]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "packed")
        # What an instrumented library needs in this process would be one too many in an instrumented program.
        subprocess.run([rwkvc, "tokenize", source, "--pack", path], check=True, env=dict(os.environ, LD_PRELOAD=""))
        with open(path, "rb") as file:
            return Tokenizer(library, file.read())
