"""killed.py FOLDER TIMES COMMAND COMMAND: kills two commands, which write different files of the same names to OUT/, at
random moments. What was there before stays whole, and nothing is left beside it."""
import os
import random
import shlex
import subprocess
import sys
import time

folder, times, commands = sys.argv[1], int(sys.argv[2]), [shlex.split(text) for text in sys.argv[3:]]
out, temporary = os.path.join(folder, "out"), os.path.join(folder, "tmp")
for each in (out, temporary):
    os.makedirs(each)
environment = dict(os.environ, TMPDIR=temporary)
commands = [[word.replace("OUT", out) for word in command] for command in commands]


def start(command):
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)


def content(name):
    with open(os.path.join(out, name), "rb") as file:
        return file.read()


# Both take turns, so that a mixture would be seen.
wholes, seconds = {}, 0.0
for command in commands:
    begin = time.monotonic()
    if start(command).wait() != 0:
        sys.exit("a command that nobody killed failed: " + shlex.join(command))
    seconds = max(seconds, time.monotonic() - begin)
    for name in os.listdir(out):
        wholes.setdefault(name, []).append(content(name))
if any(before == after for before, after in wholes.values()):
    sys.exit("both commands write the same")
random.seed(8)
finished, left = 0, {"replaced": [], "new": []}
for i in range(times):
    kind = "replaced" if i % 4 < 2 else "new"
    for name, contents in wholes.items():
        if kind == "replaced":
            with open(os.path.join(out, name), "wb") as file:
                file.write(contents[i % 2])
        elif os.path.exists(os.path.join(out, name)):
            os.unlink(os.path.join(out, name))
    process = start(commands[(i + 1) % 2])
    # A compilation's writing is at its end.
    time.sleep(seconds * (random.random() if i % 2 else 0.8 + 0.3 * random.random()))
    process.kill()
    finished += process.wait() == 0
    there = os.listdir(out)
    for name in there:
        if name not in wholes:
            left[kind].append(name)
            os.unlink(os.path.join(out, name))
        elif content(name) not in wholes[name]:
            sys.exit("after kill %d %s is none of those that were written" % (i, name))
    if kind == "replaced" and not set(there) >= set(wholes):
        sys.exit("after kill %d a file that was there is lost" % i)
    for name in os.listdir(temporary):
        left["new"].append(name)
        os.unlink(os.path.join(temporary, name))
print("%d of %d were faster than their end; left behind: %s" % (finished, times, left))
# A file that replaces another has a name for the moment between linking and renaming.
sys.exit(len(left["replaced"]) > 1 or left["new"] != [])
