"""Every way an index of shards can be wrong is one sentence, and no file is opened that does not lie beside it."""
import json
import os
import sys

import checkpoints as c
import tool

refusals = tool.Refusals(*sys.argv[1:3])


def write(name, content):
    with open(refusals.path(name), "wb") as file:
        file.write(content)


def index(weight_map, **more):
    return json.dumps({"weight_map": weight_map, **more}).encode()


tensor = ("f32", [2], c.encode("f32", [1.0, 2.0]))
write("a.safetensors", c.safetensors({"x": tensor, "y": tensor}))
write("b.safetensors", c.safetensors({"z": tensor}))
write("good.json", index({"x": "a.safetensors", "z": "b.safetensors"}, metadata={"total_size": 24}))
seen = tool.inspect(refusals.rwkvc, refusals.path("good.json"))
assert seen["container"] == "safetensors" and [t["name"] for t in seen["tensors"]] == ["x", "z"], seen
assert seen["file_bytes"] == sum(os.path.getsize(refusals.path(n)) for n in ("good.json", "a.safetensors", "b.safetensors"))
os.makedirs(refusals.path("folder"), exist_ok=True)
write("folder/model.safetensors", c.safetensors({"x": tensor}))
assert tool.inspect(refusals.rwkvc, refusals.path("folder"))["tensor_count"] == 1

case = refusals.case
good = index({"x": "a.safetensors"})
for end in range(1, len(good), 3):
    case("cut-%d" % end, good[:end], "index of shards")
case("list", b'{"weight_map": []}', "JSON without a 'weight_map' object")
case("other", b'  {"a": 1}', "JSON without a 'weight_map' object")
case("number", index({"x": 7}), "something else than a file name for tensor 'x'")
case("empty", index({}), "no tensors")
for name in ("../a.safetensors", "/etc/passwd", "folder/model.safetensors", "..", ".", "", "a\0b"):
    case("outside", index({"x": name}), "but shards must lie beside the index")
case("missing", index({"x": "none.safetensors"}), "No such file or directory")
case("tensor-missing", index({"z": "a.safetensors"}), "has tensor 'z' in 'a.safetensors', which has no such tensor")
case("itself", index({"x": "itself"}), "none of safetensors")
write("broken", b"GGUF\0")
case("broken-shard", index({"x": "broken"}), "broken' as gguf: the file ends inside of its header")
case("deep", b'{"weight_map": ' + b"[" * 100000 + b"]" * 100000 + b"}", "nests deeper than 3 levels")
case("twice", b'{"weight_map": {}, "weight_map": {}}', "occurs twice")
case("many", index({"t%d" % i: "f%d" % i for i in range(1025)}), "names 1025 files, but at most 1024")
case("big", b'{"weight_map": {' + b" " * (5 << 20) + b"}}", "at most")
case("control", index({"\x1b[2J\n": "a.safetensors"}), "\\1B[2J\\0A")
refusals.finish()
