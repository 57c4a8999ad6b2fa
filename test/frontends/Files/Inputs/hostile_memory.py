"""hostile_memory.py RWKVC FOLDER: files of 4 MB that ask for as much memory as their bytes can, by what is parsed into the
largest values. None may take 512 MB, nor five seconds."""
import os
import struct
import sys

import appetite
import checkpoints as c

SIZE = 4 << 20
rwkvc, folder = sys.argv[1:3]
path, packed = os.path.join(folder, "hostile"), os.path.join(folder, "packed")
watch = appetite.Appetite(path)


def measured(container, name, content, *verb):
    watch.measure(container, name, content, [rwkvc, *verb, path])


def filled(before, piece, after, size=SIZE, most=SIZE):
    """Pieces, with their numbers where they have a place for them, up to the size or so many."""
    count = min(most, (size - len(before) - len(after)) // len(piece % 0 if b"%" in piece else piece))
    body = b"".join(piece % i for i in range(count)) if b"%" in piece else piece * count
    return before + body + after


JSON = {
    "numbers": (b'{"a":[', b"1,", b"1]}"), "lists": (b'{"a":[', b"[],", b"1]}"), "short lists": (b'{"a":[', b"[1],", b"1]}"),
    "texts": (b'{"a":[', b'"",', b"1]}"), "long texts": (b'{"a":[', b'"aaaaaaaaaaaaaaaa",', b"1]}"),
    "empty objects": (b'{"a":[', b"{},", b"1]}"), "objects": (b'{"a":[', b'{"":1},', b"1]}"),
    "object members": (b"{", b'"%06x":{"":1},', b'"b":1}'), "members": (b"{", b'"%06x":1,', b'"b":1}'),
    "inner members": (b'{"a":{', b'"%06x":1,', b'"b":1}}'), "escapes": (b'{"a":[', b'"\\u0001",', b"1]}"),
    "metadata": (b'{"__metadata__":{', b'"%06x":"",', b'"b":""}}'),
    "tensors": (b"{", b'"%06x":{"dtype":"F32","shape":[],"data_offsets":[0,4]},', b'"b":1}'),
}
for name, (before, piece, after) in JSON.items():
    # As many as fit, and as many as are read.
    values, objects = sum(piece.count(mark) for mark in b"[{,:"), piece.count(b"{")
    for most in (SIZE, min((1 << 20) // values, (1 << 14) // objects if objects else SIZE) - 8):
        text = filled(before, piece, after, SIZE - 10, most)
        measured("safetensors", "%s %d" % (name, most), c.safetensors_raw(text, b""), "inspect")
        measured("tokenizer.json", "%s %d" % (name, most), b'{"model":' + text + b"}", "tokenize", "--pack", packed)
for name, member in (("files", b'"%06x":"f%06x",'), ("one file", b'"%06x":"a",'), ("lists", b'"%06x":[],')):
    numbers = [(i,) * member.count(b"%") for i in range((SIZE - 64) // len(member % ((0,) * member.count(b"%"))))]
    members = b"".join(member % each for each in numbers[:(1 << 19) - 8])
    measured("index of shards", name, b'{"weight_map":{' + members + b'"b":"a"}}', "inspect")


def pth(name, pickle):
    c.pth_raw(path + ".pth", pickle, {"0": bytes(64)})
    with open(path + ".pth", "rb") as file:
        measured("pth", name, file.read(), "inspect")


for size in (SIZE, 2 << 20):
    for name, piece in (("tuples", b")"), ("tuples of one", b")\x85"), ("lists", b"]"), ("numbers", b"K\1"), ("dicts", b"}"),
                        ("pairs", b"NN\x86"), ("recalled", b"h\0"), ("tuples of recalled", b"h\0h\0h\0\x87"), ("stored", None)):
        body = piece * ((size - 16) // len(piece)) if piece else \
            b"".join(b"Nr" + struct.pack("<I", i) for i in range((size - 16) // 6))
        pth("%s %d" % (name, size), c.Op.PROTO + b"]q\0(" + body + b"e" + c.Op.END)
tensor = c.rebuild(c.storage("f32", "0", 16), 0, [1], [1])
names = b"".join(c.Op.text("%06x" % i) + b"h\1" for i in range((2 << 20) // 13 - 100))
pth("names", c.Op.PROTO + b"}(" + c.Op.text("first") + tensor + b"q\1" + names + b"u" + c.Op.END)
head = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03." + c.pickled({"little_endian": b"\x88"})
half = c.Op.PROTO + b"](" + b")\x85" * ((1 << 20) - 64) + b"e" + c.Op.END
measured("old .pth", "two pickles", head + half * 2, "inspect")
entries = {"%06x" % i: b"" for i in range(SIZE // 150)}
c.pth_raw(path + ".pth", c.pickled({}), entries)
with open(path + ".pth", "rb") as file:
    measured("pth", "entries", file.read(), "inspect")

text = lambda i: c.gguf_string("%06x" % i)
count = SIZE // 24
measured("gguf", "pairs", c.gguf_raw([text(i) + struct.pack("<IB", 0, 1) for i in range(SIZE // 19)], [], b""), "inspect")
measured("gguf", "arrays", c.gguf_raw([text(i) + struct.pack("<IIQ", 9, 0, 0) for i in range(SIZE // 30)], [], b""), "inspect")
tiny = [c.gguf_description("%06x" % i, [], 0, 32 * i) for i in range(SIZE // 62)]
measured("gguf", "tensors", c.gguf_raw([], tiny, bytes(32 * len(tiny))), "inspect")
pairs = [c.gguf_pair("tokenizer.ggml.model", 8, c.gguf_string("rwkv")),
         c.gguf_pair("tokenizer.ggml.tokens", 9, struct.pack("<IQ", 8, SIZE // 14) + c.gguf_string("ab") * (SIZE // 14)),
         c.gguf_pair("tokenizer.ggml.token_type", 9, struct.pack("<IQ", 5, SIZE // 14) + b"\1\0\0\0" * (SIZE // 14))]
measured("gguf", "tokens", c.gguf(c.sample(), pairs), "tokenize", "--pack", packed)
scalar = [c.rwkv_cpp_tensor("%05x" % i, [], 0, bytes(4)) for i in range(SIZE // 21)]
measured("rwkv.cpp", "tensors", struct.pack("<6I", 0x67676D66, 101, 6, 4, 1, 0) + b"".join(scalar), "inspect")
lines = b"".join(b"%d '\\x%02x%04x' 5\n" % (i + 1, i % 128, i % 65536) for i in range(SIZE // 21))
measured("World", "lines", lines, "tokenize", "--pack", packed)
measured("World", "last id", b"1048575 'a' 1\n", "tokenize", "--pack", packed)
measured("World", "one line", b"1 '" + b"a" * (SIZE - 20) + b"' %d\n" % (SIZE - 20), "tokenize", "--pack", packed)

watch.finish()
