"""Every way an rwkv.cpp file can be wrong is one sentence."""
import struct
import sys

import checkpoints as c
import tool

refusals = tool.Refusals(*sys.argv[1:3])
case = refusals.case
good = c.rwkv_cpp(c.sample())


def header(version=101):
    return struct.pack("<6I", 0x67676D66, version, 6, 4, 1, 0)


def one(name="x", shape=(2, 2), kind=0, raw=b"\0" * 16):
    return header() + c.rwkv_cpp_tensor(name, shape, kind, raw)


for end in (4, 8, 12, 20, 23):
    case("cut-%d" % end, good[:end], "inside of its header")
case("cut-24", good[:24], "no tensors")
for end in (25, 30, 35, 36, 40, 43):
    case("cut-%d" % end, good[:end], "inside of the description of the tensor at byte 24")
case("cut-44", good[:44], "inside of the name")
case("cut-53", good[:53], "inside of the name")
case("cut-54", good[:54], "tensor 'emb.weight' needs 96 bytes, but the file has only 0 more")
case("cut-149", good[:149], "only 95 more")
case("cut-last", good[:-1], "only 95 more")

case("version-99", header(99), "version is 99")
case("version-huge", header(2**32 - 1), "version is 4294967295")
case("rank-5", one(shape=(1, 1, 1, 2, 2)), "has 5 dimensions")
case("rank-huge", header() + struct.pack("<3I", 2**32 - 1, 1, 0), "has 4294967295 dimensions")
case("name-huge", header() + struct.pack("<3Ii", 1, 2**32 - 1, 0, 1) + b"x", "inside of the name")
case("shape-zero", one(shape=(0, 2)), "must be at least 1")
case("shape-negative", one(shape=(-1, -4)), "has shape [-1, -4]")
case("shape-overflow", one(shape=(2**31 - 1,) * 4), "does not fit in 63 bits")
case("shape-huge", one(shape=(2**31 - 1, 1024)), "but the file has only 16 more")
case("nameless", one(name=""), "no name")
case("twice", one() + one()[24:], "tensor 'x' occurs twice")
case("terminal", one(name="\x1b]0;x\x07\n", kind=99), "'\\1B]0;x\\07\\0A' has type number 99")
case("type-huge", one(kind=-1), "type number 4294967295")
for kind, name in enumerate(["Q4_1_O", "Q4_2", "Q4_3"], 4):
    case(name, one(kind=kind), "tensor 'x' is quantised as %s, but of rwkv.cpp's types only F32, F16, Q4_0" % name)
for kind, name, size in ((2, "Q4_0", 18), (3, "Q4_1", 20), (7, "Q5_0", 22), (8, "Q5_1", 24), (9, "Q8_0", 34)):
    case(name + "-row", one(kind=kind), "rows of %s are blocks of 32 elements" % name.lower())
    short = one(kind=kind, shape=(2, 32), raw=b"\0" * (2 * size - 1))
    case(name + "-short", short, "needs %d bytes, but the file has only %d more" % (2 * size, 2 * size - 1))
    old = header(100) + c.rwkv_cpp_tensor("x", (2, 32), kind, b"\0" * 2 * size)
    case(name + "-old", old, "quantised as %s of format version 100, but" % name)
refusals.finish()
