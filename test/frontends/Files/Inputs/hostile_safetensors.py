"""Every way a .safetensors file can be wrong is one sentence."""
import struct
import sys

import checkpoints as c
import tool

refusals = tool.Refusals(*sys.argv[1:3])
case = refusals.case
good = c.safetensors(c.sample(), {"a": "b"})


def one(**changes):
    tensor = {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]}
    tensor.update(changes)
    return c.safetensors_raw({"x": tensor}, b"\0" * 32)


header_end = 8 + struct.unpack("<Q", good[:8])[0]
for end in (1, 4, 7, 8, 9, 20, header_end - 1, header_end, header_end + 1, len(good) - 1):
    expected = "none of safetensors" if end <= 8 else "claims" if end < header_end else "but the data has"
    case("cut-%d" % end, good[:end], expected)

case("wrong-magic", b"RWKV" + good[4:8] + b"[]" + good, "none of safetensors")
case("huge-header", struct.pack("<Q", 2**63) + b"{}", "claims 9223372036854775808 bytes")
case("long-header", struct.pack("<Q", 1000) + b"{}", "claims 1000 bytes")
case("not-json", c.safetensors_raw(b"{nonsense", b""), "not JSON")
case("bad-utf8", c.safetensors_raw(b'{"\xff":1}', b""), "not JSON")
case("no-tensors", c.safetensors({}), "no tensors")
case("only-metadata", c.safetensors({}, {"a": "b"}), "no tensors")
case("deep", c.safetensors_raw(b'{"x":' + b"[" * 1000000, b""), "nests deeper than 3")
case("deep-objects", c.safetensors_raw(b'{"x":' * 500000, b""), "nests deeper than 3")
case("metadata-list", c.safetensors({}, ["a"]), "'__metadata__' is not an object")
case("metadata-number", c.safetensors({}, {"a": 3}), "metadata 'a' is not a text")
case("not-object", c.safetensors_raw({"x": 3}, b""), "something else than an object")
case("no-dtype", one(dtype=None), "no 'dtype' text")
case("dtype-i64", one(dtype="I64"), "tensor 'x' has dtype 'I64', but only F32, F16 and BF16 are read")
case("dtype-terminal", one(dtype="\x1b[2J\n"), "\\1B[2J\\0A")
case("shape-text", one(shape="2"), "no 'shape'")
case("shape-negative", one(shape=[-2, 2]), "no 'shape'")
case("shape-fraction", one(shape=[2.5, 2]), "no 'shape'")
case("shape-zero", one(shape=[0, 2], data_offsets=[0, 0]), "must be at least 1")
case("shape-overflow", one(shape=[2**32, 2**32, 4]), "does not fit in 63 bits")
case("shape-overflow-bytes", one(shape=[2**62 - 1]), "does not fit in 63 bits")
case("shape-rank", one(shape=[1] * 9), "has 9 dimensions")
case("offsets-missing", one(data_offsets=None), "no 'data_offsets'")
case("offsets-three", one(data_offsets=[0, 8, 16]), "no 'data_offsets'")
case("offsets-negative", one(data_offsets=[-16, 0]), "no 'data_offsets'")
case("offsets-backwards", one(data_offsets=[16, 0]), "needs 16 bytes, but its data_offsets are [16, 0]")
case("offsets-short", one(data_offsets=[0, 12]), "needs 16 bytes")
case("offsets-outside", one(data_offsets=[20, 36]), "needs 16 bytes at offset 20, but the data has 32")
case("offsets-far", one(data_offsets=[2**62, 2**62 + 16]), "but the data has 32")
case("huge-honest", one(shape=[2**40], data_offsets=[0, 2**42]), "but the data has 32")

pair = '"%s":{"dtype":"F32","shape":[2],"data_offsets":[%d,%d]}'
twice = "{" + pair % ("x", 0, 8) + "," + pair % ("x", 8, 16) + "}"
case("twice", c.safetensors_raw(twice.encode(), b"\0" * 16), "'x' occurs twice")
escaped = "{" + pair % ("x", 0, 8) + "," + pair % ("\\u0078", 8, 16) + "}"
case("twice-escaped", c.safetensors_raw(escaped.encode(), b"\0" * 16), "twice")
overlap = "{" + pair % ("x", 0, 8) + "," + pair % ("y", 4, 12) + "}"
case("overlap", c.safetensors_raw(overlap.encode(), b"\0" * 16), "tensors 'x' and 'y' overlap")
case("nameless", c.safetensors_raw(("{" + pair % ("", 0, 8) + "}").encode(), b"\0" * 16), "no name")
long_name = "{" + pair % ("n" * 100000, 0, 9) + "}"
case("long-name", c.safetensors_raw(long_name.encode(), b"\0" * 16), "nnn...' of shape [2] needs 8 bytes")
many = ",".join(pair % ("t%d" % i, 0, 8) for i in range(15000))
case("many-overlap", c.safetensors_raw(("{" + many + "}").encode(), b"\0" * 8), "overlap")
objects = b"".join(b'"%d":{"":0},' % i for i in range(20000))
case("many-objects", c.safetensors_raw(b"{" + objects + b'"x":0}', b""), "more than 1048576 values or 16384 objects")
case("many-values", c.safetensors_raw(b'{"x":[' + b"1," * (1 << 20) + b"1]}", b""), "more than 1048576 values")
refusals.finish()
