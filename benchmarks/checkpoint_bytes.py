# How many bytes of weights a peer reads to decode one token: all tensors of its file, but of the embedding one row.
import mmap
import struct

# Elements and bytes of a block, by the container's number of the type.
GGUF_TYPES = {0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 10: (256, 84),
              11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 30: (1, 2)}
RWKV_CPP_TYPES = {0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 7: (32, 22), 8: (32, 24), 9: (32, 34)}
GGUF_SCALARS = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
GGUF_STRING, GGUF_ARRAY = 8, 9


class Cursor:
    def __init__(self, data, at):
        self.data, self.at = data, at

    def take(self, code):
        values = struct.unpack_from("<" + code, self.data, self.at)
        self.at += struct.calcsize("<" + code)
        return values[0] if len(values) == 1 else values

    def text(self, length):
        self.at += length
        return self.data[self.at - length:self.at].decode()

    def skip_gguf_value(self, kind):
        if kind == GGUF_STRING:
            length = self.take("Q")
            self.at += length
        elif kind == GGUF_ARRAY:
            element, count = self.take("I"), self.take("Q")
            if element in GGUF_SCALARS:
                self.at += GGUF_SCALARS[element] * count
            else:
                for _ in range(count):
                    self.skip_gguf_value(element)
        else:
            self.at += GGUF_SCALARS[kind]


def gguf_tensors(data):
    cursor = Cursor(data, 8)
    tensors, pairs = cursor.take("Q"), cursor.take("Q")
    for _ in range(pairs):
        cursor.text(cursor.take("Q"))
        cursor.skip_gguf_value(cursor.take("I"))
    for _ in range(tensors):
        name = cursor.text(cursor.take("Q"))
        sizes = [cursor.take("Q") for _ in range(cursor.take("I"))]
        kind, _ = cursor.take("I"), cursor.take("Q")
        yield name, sizes, GGUF_TYPES[kind]


def rwkv_cpp_tensors(data):
    cursor = Cursor(data, 24)
    while cursor.at < len(data):
        rank, length, kind = cursor.take("3I")
        sizes = [cursor.take("I") for _ in range(rank)]
        yield cursor.text(length), sizes, RWKV_CPP_TYPES[kind]
        cursor.at += stored(sizes, RWKV_CPP_TYPES[kind])


def stored(sizes, block):
    count = 1
    for size in sizes:
        count *= size
    return count // block[0] * block[1]


# llama.cpp asks RWKV-7's first layer for these, and reads them never.
UNREAD = tuple(f"blk.0.time_mix_v{i}.weight" for i in range(3))


def bytes_per_token(path):
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        tensors = gguf_tensors(data) if data[:4] == b"GGUF" else rwkv_cpp_tensors(data)
        total = 0
        for name, sizes, block in tensors:
            if name in ("token_embd.weight", "emb.weight"):
                sizes = sizes[:1]  # the fastest dimension comes first
            if name not in UNREAD:
                total += stored(sizes, block)
        return total
