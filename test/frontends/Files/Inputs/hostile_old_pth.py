"""Every way a .pth file of PyTorch before 1.6 can be wrong is one sentence, and none of them runs anything."""
import os
import struct
import sys

import checkpoints as c
import tool

Op = c.Op
refusals = tool.Refusals(*sys.argv[1:3])
case = refusals.case
MAGIC = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."
PROTOCOL = b"\x80\x02M\xe9\x03."
MACHINE = c.pickled({"little_endian": b"\x88"})


def storage(key="0", elements=4, kind="FloatStorage", view=b"N"):
    name = Op.global_("torch", kind)
    return Op.tuple(Op.text("storage"), name, Op.text(key), Op.text("cpu"), Op.integer(elements), view) + b"Q"


def old(tensor=None, keys=None, data=None, machine=MACHINE, protocol=PROTOCOL):
    tensor = c.rebuild(storage(), 0, [2, 2], [2, 1]) if tensor is None else tensor
    keys = b"\x80\x02](" + Op.text("0") + b"e." if keys is None else keys
    data = struct.pack("<q4f", 4, 1, 2, 3, 4) if data is None else data
    return MAGIC + protocol + machine + c.pickled({"x": tensor}) + keys + data


good = old()
refusals_path = refusals.path("good")
with open(refusals_path, "wb") as file:
    file.write(good)
assert tool.values(refusals.rwkvc, refusals_path, "x") == [1, 2, 3, 4]

for end in range(len(MAGIC), len(good)):
    case("cut-%d" % end, good[:end], "")
case("protocol", old(protocol=b"\x80\x02M\xe8\x03."), "is not the protocol's number, 1001")
case("machine", old(machine=b"\x80\x02N."), "does not say that its numbers are little-endian")
case("big-endian", old(machine=c.pickled({"little_endian": b"\x89"})), "does not say that its numbers are little-endian")
case("keys", old(keys=b"\x80\x02}."), "its fifth pickle is a dict, but must be a list of storages")
case("key-number", old(keys=b"\x80\x02](K\x01e."), "its list of storages has an int, which no tensor names")
case("key-other", old(keys=b"\x80\x02](" + Op.text("7") + b"e."), "its list of storages has '7', which no tensor names")
case("key-none", old(keys=b"\x80\x02]."), "tensor 'x' needs storage '0', which is missing")
twice = b"\x80\x02](" + Op.text("0") * 2 + b"e."
case("key-twice", old(keys=twice, data=struct.pack("<q4f", 4, 1, 2, 3, 4) * 2), "storage '0' occurs twice")
for count in (5, 2**61, 2**62, 2**63 - 1, -1):
    case("count-%d" % count, old(data=struct.pack("<q4f", count, 1, 2, 3, 4)), "goes beyond the end of the file")
case("count-less", old(data=struct.pack("<q4f", 3, 1, 2, 3, 4)), "has a storage of 4 elements, but storage '0' has 12")
case("view", old(c.rebuild(storage(view=Op.integers([0, 4])), 0, [2, 2], [2, 1])), "persistent id that is no tensor's")
case("type", old(c.rebuild(storage(kind="LongStorage"), 0, [2], [1]), data=struct.pack("<q4q", 4, 1, 2, 3, 4)),
     "is stored as 'torch.LongStorage'")
marker = refusals.path("was-executed")
call = Op.global_("os", "system") + Op.tuple(Op.text("touch " + marker)) + b"R"
case("call", old(call), "its pickle asks for 'os.system'")
case("call-in-keys", old(keys=b"\x80\x02" + call + b"."), "its pickle asks for 'os.system'")
if os.path.exists(marker):
    refusals.problems.append("a pickle was executed")
refusals.finish()
