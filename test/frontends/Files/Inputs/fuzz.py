"""Flips bytes of valid files: whatever comes out is read or refused, and never ends by a signal."""
import os
import random
import sys

import checkpoints as c
import tool

rwkvc, folder, cases = sys.argv[1], sys.argv[2], int(sys.argv[3])
os.makedirs(folder, exist_ok=True)
c.pth(os.path.join(folder, "good.pth"), c.sample())
with open(os.path.join(folder, "good.pth"), "rb") as file:
    good = {"pth": file.read()}
text = c.gguf_pair("general.name", 8, c.gguf_string("fuzz"))
good.update(safetensors=c.safetensors(c.sample(), {"a": "b"}), gguf=c.gguf(c.sample(), [text]))
good["rwkv.cpp"] = c.rwkv_cpp(c.sample())
random.seed(20261124)


def damaged(raw):
    raw = bytearray(raw)
    for _ in range(random.choice((1, 1, 2, 4, 16))):
        at = random.randrange(len(raw))
        raw[at] = random.choice((0, 1, 0x7F, 0x80, 0xFF, raw[at] ^ 1 << random.randrange(8), random.randrange(256)))
    if random.random() < 0.1:
        del raw[random.randrange(len(raw)) :]
    return bytes(raw)


read = problems = 0
path = os.path.join(folder, "damaged")
for container, raw in good.items():
    for i in range(cases):
        content = damaged(raw)
        with open(path, "wb") as file:
            file.write(content)
        code, out, err = tool.run(rwkvc, "inspect", "--json", path)
        problem = None if code == 0 and not err else tool.refusal_problem(code, out, err)
        if problem:
            problems += 1
            kept = "%s-%s-%d" % (path, container, i)
            with open(kept, "wb") as file:
                file.write(content)
            print("%s: %s" % (kept, problem))
        read += code == 0
print("%d files, %d of them read, %d problems" % (cases * len(good), read, problems))
sys.exit(bool(problems))
