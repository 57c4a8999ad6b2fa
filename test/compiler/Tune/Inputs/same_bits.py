"""same_bits.py RWKVC FOLDER NAME...: modules of one model give the same logits, at every position, for one row a step, a few
and many."""
import os
import subprocess
import sys

rwkvc, folder, *names = sys.argv[1:]
tokens = ",".join(str(i * 7 % 50) for i in range(40))
runs = 0
for chunk in ("1", "9", "40"):
    outputs = []
    for name in names:
        path = os.path.join(folder, name + ".npy")
        subprocess.run([rwkvc, "logits", os.path.join(folder, name + ".so"), "--tokens", tokens, "--all-positions", "--chunk",
                        chunk, "-o", path], check=True)
        with open(path, "rb") as file:
            outputs.append(file.read())
        runs += 1
    if any(output != outputs[0] for output in outputs):
        sys.exit("with %s rows a step the modules differ" % chunk)
print("%d runs, the same bits" % runs)
