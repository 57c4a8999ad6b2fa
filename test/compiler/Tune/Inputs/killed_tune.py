"""killed_tune.py RWKVC CKPT FILE TIMES: kills searches at random moments. Whatever was recorded before stays, whole; and a
search that nobody kills goes on."""
import json
import os
import random
import subprocess
import sys
import time

rwkvc, checkpoint, path, times = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
command = [rwkvc, "tune", checkpoint, "--records", path, "--trials", "40", "--rows", "32", "--threads", "1",
           "--time-budget", "20"]


def lines():
    if not os.path.exists(path):
        return [], ""
    with open(path) as file:
        text = file.read()
    whole, torn = text[:text.rfind("\n") + 1], text[text.rfind("\n") + 1:]
    return [json.loads(line) for line in whole.splitlines()], torn


random.seed(8)
before = []
for i in range(times):
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    time.sleep(0.3 + 2 * random.random())
    process.kill()
    process.wait()
    after, torn = lines()
    if after[:len(before)] != before:
        sys.exit("after kill %d records are lost" % i)
    before = after
# As if a write had been cut short.
with open(path, "a") as file:
    file.write('{"record":"trial","kernel":"gemm ro')
last = subprocess.run([*command[:-1], "5"], stderr=subprocess.PIPE, text=True)
after, torn = lines()
print(last.stderr.strip())
seen = [(r["kernel"], r["schedule"]) for r in after if r["record"] == "trial"]
print("%d records before, %d after; %d were measured again" % (len(before), len(after), len(seen) - len(set(seen))))
sys.exit(last.returncode or torn != "" or after[:len(before)] != before or len(after) <= len(before)
         or len(seen) != len(set(seen)))
