"""Every way a .pth file can be wrong is one sentence, and none of them runs anything."""
import os
import struct
import sys
import zipfile

import checkpoints as c
import tool

Op = c.Op
refusals = tool.Refusals(*sys.argv[1:3])
case = refusals.case


def archive(name, pickle, storages=None, expected=None, **options):
    c.pth_raw(refusals.path(name), pickle, storages or {"0": b"\0" * 64}, **options)
    refusals.existing(name, expected)


def value(name, pickled, expected):
    """A state dict whose one entry is `pickled`."""
    archive(name, c.pickled({"x": pickled}), expected=expected)


def view(name, expected, shape=(2, 2), strides=(2, 1), offset=0, kind="f32", key="0", elements=16):
    value(name, c.rebuild(c.storage(kind, key, elements), offset, shape, strides), expected)


# The archive.
c.pth(refusals.path("good"), c.sample())
with open(refusals.path("good"), "rb") as file:
    good = file.read()
for end in [4, 5, 29, 30, 60] + list(range(100, len(good), 97)) + [len(good) - 22, len(good) - 21, len(good) - 1]:
    case("cut-%d" % end, good[:end], "zip directory is missing")
end = good.rindex(b"PK\5\6")
directory = good.index(b"PK\1\2")


def patched(at, layout, number):
    return good[:at] + struct.pack(layout, number) + good[at + struct.calcsize(layout) :]


case("entries-many", patched(end + 10, "<H", 0xFFFF), "directory is damaged")
case("directory-far", patched(end + 16, "<I", 2**32 - 2), "lies outside of the file")
case("directory-long", patched(end + 12, "<I", 2**32 - 2), "lies outside of the file")
case("directory-shifted", patched(end + 16, "<I", directory + 1), "directory is damaged")
case("several-parts", patched(end + 4, "<H", 1), "one part of a zip archive of several")
case("encrypted", patched(directory + 8, "<H", 1), "'model/data.pkl' is encrypted")
case("stored-other", patched(directory + 20, "<I", 5), "stores 5 bytes")
case("method-93", patched(directory + 10, "<H", 93), "compressed (method 93)")
case("name-long", patched(directory + 28, "<H", 0xFFFF), "ends inside of an entry")
case("header-far", patched(directory + 42, "<I", 2**31), "has no header at byte 2147483648")
case("header-name", good[:30] + b"X" + good[31:], "named otherwise")
case("wide-missing", patched(directory + 42, "<I", 2**32 - 1), "lacks its 64-bit sizes")
both = patched(directory + 20, "<I", 2**30)
case("entry-long", both[: directory + 24] + struct.pack("<I", 2**30) + both[directory + 28 :], "claims 1073741824 bytes")
locator = struct.pack("<IIQI", 0x07064B50, 0, 2**64 - 8, 1)
case("end64-far", good[:end] + locator + good[end:], "64-bit end record is not where")
end64 = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, 2**63, 2**63, 2**63, directory)
locator = struct.pack("<IIQI", 0x07064B50, 0, end, 1)
case("end64-huge", good[:end] + end64 + locator + good[end:], "lies outside of the file")
archive("deflated", c.pickled({}), expected="is deflated", compression=zipfile.ZIP_DEFLATED)
archive("big-endian", c.pickled({}), expected="byte order is 'big'", extra=[("byteorder", b"big")])
with zipfile.ZipFile(refusals.path("no-pickle"), "w") as plain:
    plain.writestr("readme.txt", "hello")
refusals.existing("no-pickle", "without a 'NAME/data.pkl'")
with zipfile.ZipFile(refusals.path("two-pickles"), "w") as plain:
    plain.writestr("a/data.pkl", "x")
    plain.writestr("b/data.pkl", "x")
refusals.existing("two-pickles", "two pickles")

# The pickle machine.
pickle = c.pickled({"x": c.rebuild(c.storage("f32", "0", 16), 0, [2, 2], [2, 1])})
for end in range(0, len(pickle), 3):
    archive("pickle-cut-%d" % end, pickle[:end], expected="pickle")
marker = refusals.path("was-executed")
for module in ("os", "posix", "builtins", "torch.serialization"):
    call = Op.global_(module, "system") + Op.tuple(Op.text("touch " + marker)) + b"R"
    value("call-" + module, call, "its pickle asks for '%s.system'" % module)
value("eval", Op.global_("__builtin__", "eval") + Op.tuple(Op.text("1")) + b"R", "'__builtin__.eval'")
value("inst", b"(" + Op.text("touch " + marker) + b"ios\nsystem\n", "opcode 0x69")
value("obj", b"(" + Op.global_("collections", "OrderedDict") + b"o", "opcode 0x6F")
value("newobj", Op.global_("collections", "OrderedDict") + b")\x81", "opcode 0x81")
value("extension", b"\x82\x01", "opcode 0x82")
value("call-text", Op.text("system") + b")R", "calls a text with a tuple")
value("call-arguments", Op.global_("collections", "OrderedDict") + Op.tuple(b"N") + b"R", "with 1 arguments")
value("call-storage", Op.global_("torch", "FloatStorage") + b")R", "calls 'torch.FloatStorage'")
value("persistent-text", Op.text("x") + b"Q", "persistent id that is no tensor's storage")
value("persistent-short", Op.tuple(Op.text("storage")) + b"Q", "persistent id that is no tensor's storage")
value("build-text", Op.text("x") + b"}b", "sets attributes of a text")
archive("protocol-4", b"\x80\x04}.", expected="protocol 4")
archive("opcode", b"\x80\x02\xff.", expected="opcode 0xFF")
archive("nothing-left", b"\x80\x02.", expected="leaves 0 values")
archive("two-left", b"\x80\x02}}.", expected="leaves 2 values")
archive("mark-left", b"\x80\x02}(.", expected="leaves 1 values")
archive("underflow", b"\x80\x02\x87.", expected="takes more than it pushed")
archive("below-mark", b"\x80\x02}(\x85.", expected="takes more than it pushed")
archive("no-mark", b"\x80\x02}u.", expected="takes more than it pushed")
archive("odd-items", b"\x80\x02}(Nu.", expected="puts 1 items into a dict")
archive("append-dict", b"\x80\x02}Na.", expected="puts 1 items into a dict")
archive("memo-empty", b"\x80\x02q\x00.", expected="takes more than it pushed")
archive("memo-unknown", b"\x80\x02h\x07.", expected="recalls value 7")
archive("marks-deep", b"\x80\x02" + b"(" * 100000 + b".", expected="nests deeper than 64")
archive("tuples-deep", b"\x80\x02)" + b"\x85" * 1000000 + b".", expected="it holds a tuple")
archive("cycle", b"\x80\x02]q\x00h\x00a.", expected="it holds a list")
archive("cycle-dict", b"\x80\x02}q\x00" + Op.text("x") + b"h\x00s.", expected="'x' is a dict")
archive("text-huge", b"\x80\x02X" + struct.pack("<I", 2**32 - 1) + b"x.", expected="ends inside of an opcode")
archive("integer-long", b"\x80\x02\x8a\xff" + b"\1" * 255 + b".", expected="integer of 255 bytes")
archive("pickle-long", b"\x80\x02" + b"N" * (9 << 20), expected="does not end within 2097152 bytes")
archive("values-many", b"\x80\x02" + b"}" * 2000000 + b".", expected="leaves 2000000 values")
recall = b"\x80\x02(" + b"N" * 500000 + b"tq\x00(" + b"h\x00Q" * 500000
archive("long-tuple-often", recall, expected="persistent id")

# The state dict.
archive("list", b"\x80\x02].", expected="it holds a list")
archive("empty", c.pickled({}), expected="no tensors")
archive("key-number", b"\x80\x02}K\x01Ns.", expected="a key of its dict is an int")
nested = b"}(" + Op.text("x") + c.rebuild(c.storage("f32", "0", 16), 0, [2], [1]) + b"u"
value("nested", nested, "entry 'x' is a dict, but must be a tensor: save the model's state_dict() itself")
for name, raw in (("none", b"N"), ("bool", b"\x88"), ("int", b"K\x01"), ("float", b"G" + b"\0" * 8), ("text", Op.text("y"))):
    value("entry-" + name, raw, "entry 'x' is ")
twice = Op.text("x") + c.rebuild(c.storage("f32", "0", 16), 0, [2], [1])
archive("twice", b"\x80\x02}(" + twice * 2 + b"u.", expected="'x' occurs twice")

# Tensors.
view("type-long", "is stored as 'torch.LongStorage'", kind="LongStorage")
view("key-missing", "needs storage '7', which is missing", key="7")
view("key-outside", "needs storage '../../etc/passwd'", key="../../etc/passwd")
view("storage-long", "has a storage of 17 elements", elements=17)
view("storage-huge", "has a storage of 4611686018427387904 elements", elements=2**62)
view("storage-negative", "has a storage of -1 elements", elements=-1)
view("offset-negative", "is not described by", offset=-1)
view("offset-outside", "leaves its storage of 16 elements", offset=13)
view("offset-huge", "leaves its storage", offset=2**63 - 1)
view("stride-outside", "leaves its storage", strides=(13, 3))
view("stride-negative", "is not described by", strides=(-2, 1))
view("stride-huge", "leaves its storage", strides=(2**62, 2**62))
view("stride-overflow", "leaves its storage", shape=(2**31, 2**29), strides=(2**40, 1))
view("repeats", "leaves its storage", shape=(2**40, 2), strides=(0, 1))
view("shape-zero", "must be at least 1", shape=(0, 2))
view("shape-negative", "is not described by", shape=(-2, 2))
view("shape-overflow", "does not fit in 63 bits", shape=(2**40, 2**40), strides=(0, 0))
view("rank-differs", "is not described by", strides=(1,))
view("rank-9", "has 9 dimensions", shape=(1,) * 9, strides=(1,) * 9)
source = c.storage("f32", "0", 16)
hooks = b"\x89}"
bad = Op.global_("torch._utils", "_rebuild_tensor_v2") + Op.tuple(b"N", Op.integer(0), b")", b")", hooks) + b"R"
value("no-storage", bad, "is not described by")
if os.path.exists(marker):
    refusals.problems.append("a pickle was executed")
refusals.finish()
