"""killed.py RWKVC CKPT FOLDER TIMES: kills compilations at random moments. What was at their output stays whole, and no
file is left beside it."""
import os
import random
import subprocess
import sys
import time

rwkvc, checkpoint, folder, times = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
output = os.path.join(folder, "model.so")
temporary = os.path.join(folder, "tmp")
os.makedirs(temporary)
environment = dict(os.environ, TMPDIR=temporary)


def compile_to(path, *flags):
    return subprocess.Popen([rwkvc, "compile", checkpoint, "-o", path, *flags], stderr=subprocess.DEVNULL, env=environment)


# Two different modules take turns, so that a mixture of them would be seen.
wholes, seconds = [], 0.0
for flags in ((), ("--weights=f16",)):
    start = time.monotonic()
    if compile_to(output, *flags).wait() != 0:
        sys.exit("a compilation that nobody killed failed")
    seconds = max(seconds, time.monotonic() - start)
    with open(output, "rb") as file:
        wholes.append(file.read())
random.seed(8)
finished = 0
for i in range(times):
    process = compile_to(output, *((), ("--weights=f16",))[i % 2])
    # Most of the writing is at the end.
    time.sleep(seconds * (random.random() if i % 2 else 0.8 + 0.3 * random.random()))
    process.kill()
    finished += process.wait() == 0
    with open(output, "rb") as file:
        if file.read() not in wholes:
            sys.exit("after kill %d the module is none of those that were compiled" % i)
left = sorted(set(os.listdir(folder)) - {"model.so", "tmp"}) + os.listdir(temporary)
print("%d of %d were faster than their end; left behind: %s" % (finished, times, left))
# A name for the moment between linking and renaming; the next process of that number takes it away.
sys.exit(len(left) > 1)
