"""Every way a gguf file can be wrong is one sentence."""
import struct
import sys

import checkpoints as c
import tool

refusals = tool.Refusals(*sys.argv[1:3])
case = refusals.case
text = c.gguf_pair("general.architecture", 8, c.gguf_string("rwkv7"))
array = c.gguf_pair("tokens", 9, struct.pack("<IQ", 8, 2) + c.gguf_string("ab") + c.gguf_string("c"))
good = c.gguf(c.sample(), [text, array])


def pairs(*items, count=None):
    raw = c.gguf(c.sample(), items)
    return raw if count is None else raw[:16] + struct.pack("<Q", count) + raw[24:]


def one(name="x", shape=(2, 2), kind=0, offset=0, data=b"\0" * 64, pairs=()):
    return c.gguf_raw(list(pairs), [c.gguf_description(name, shape, kind, offset)], data)


for end in (4, 7, 8, 15, 16, 23):
    case("cut-%d" % end, good[:end], "inside of its header")
data_start = len(good) - 64 - 32 - 32 - 96
for end in range(24, data_start, 5):  # the last of these fall into the padding
    case("cut-%d" % end, good[:end], "the file ends inside of" if end < data_start - 32 else "")
for end in (data_start, data_start + 1, len(good) - 1):
    case("cut-%d" % end, good[:end], "but the data has")

case("version-1", b"GGUF" + struct.pack("<I", 1) + good[8:], "version is 1")
case("version-big-endian", b"GGUF" + struct.pack(">I", 3) + good[8:], "version is 50331648")
case("tensors-huge", good[:8] + struct.pack("<Q", 2**64 - 1) + good[16:], "the file ends inside of")
case("pairs-huge", pairs(text, count=2**64 - 1), "")
case("no-tensors", c.gguf({}, [text]), "no tensors")
case("key-huge", pairs(struct.pack("<Q", 2**64 - 1) + b"k"), "inside of key number 0")
case("value-type", pairs(c.gguf_pair("k", 13, b"")), "value of type number 13")
case("text-huge", pairs(c.gguf_pair("k", 8, struct.pack("<Q", 2**63))), "inside of the value of 'k'")
case("array-huge", pairs(c.gguf_pair("k", 9, struct.pack("<IQ", 10, 2**61 + 1))), "inside of the value of 'k'")
case("array-texts", pairs(c.gguf_pair("k", 9, struct.pack("<IQ", 8, 2**64 - 1))), "inside of the value of 'k'")
case("array-arrays", pairs(c.gguf_pair("k", 9, struct.pack("<IQ", 9, 1) * 1000)), "array of type number 9")
case("array-type", pairs(c.gguf_pair("k", 9, struct.pack("<IQ", 77, 1))), "array of type number 77")
case("key-twice", pairs(text, text), "key 'general.architecture' occurs twice")
for alignment in (0, 3, 2**31):
    bad = c.gguf_pair("general.alignment", 4, struct.pack("<I", alignment))
    case("alignment-%d" % alignment, pairs(bad), "must be a power of two")
bad = c.gguf_pair("general.alignment", 8, c.gguf_string("-8"))
case("alignment-text", pairs(bad), "general.alignment is '-8'")

case("rank-5", one(shape=(1, 1, 1, 1, 1)), "has 5 dimensions")
case("rank-huge", c.gguf_raw([], [c.gguf_string("x") + struct.pack("<I", 2**32 - 1)], b""), "4294967295 dimensions")
case("shape-zero", one(shape=(2, 0)), "must be at least 1")
case("shape-top-bit", one(shape=(2**63, 1)), "must be at least 1")
case("shape-overflow", one(shape=(2**32, 2**32)), "does not fit in 63 bits")
case("shape-huge", one(shape=(2**40,)), "but the data has 64")
case("offset-huge", one(offset=2**64 - 32), "but the data has 64")
case("offset-unaligned", one(offset=8), "no multiple of the alignment of 32")
case("nameless", one(name=""), "no name")
description = c.gguf_description("x", (2, 2), 0, 0)
case("twice", c.gguf_raw([], [description, description], b"\0" * 64), "'x' occurs twice")
other = c.gguf_description("y", (12, 2), 0, 0)
case("overlap", c.gguf_raw([], [description, other], b"\0" * 96), "overlap")
for kind, name in ((9, "Q8_1"), (23, "IQ4_XS"), (26, "I32"), (28, "F64"), (4, "number 4"), (999, "number 999")):
    case("type-%d" % kind, one(kind=kind), "tensor 'x' has type %s, but gguf tensors are read only as F32, F16, Q4_0" % name)
for kind, name, block, size in ((2, "q4_0", 32, 18), (8, "q8_0", 32, 34), (10, "q2_k", 256, 84), (14, "q6_k", 256, 210)):
    blocks = "rows of %s are blocks of %d elements" % (name, block)
    case("row-half-%d" % kind, one(kind=kind, shape=(2, block // 2), data=b"\0" * 4096), blocks)
    case("row-more-%d" % kind, one(kind=kind, shape=(2, block + 1), data=b"\0" * 4096), blocks)
    case("row-none-%d" % kind, one(kind=kind, shape=(), data=b"\0" * 4096), blocks)
    case("short-%d" % kind, one(kind=kind, shape=(3, block), data=b"\0" * (3 * size - 1)), "needs %d bytes" % (3 * size))
    case("wide-%d" % kind, one(kind=kind, shape=(2**31, 2**32)), "does not fit in 63 bits")
    touching = [c.gguf_description("x", (3, block), kind, 0), c.gguf_description("y", (1,), 0, 3 * size // 32 * 32)]
    case("overlap-%d" % kind, c.gguf_raw([], touching, b"\0" * 4096), "overlap")
case("split", pairs(c.gguf_pair("split.count", 2, struct.pack("<H", 3))), "it is one of 3 parts: join them")
refusals.finish()
