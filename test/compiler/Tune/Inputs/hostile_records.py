"""hostile_records.py RWKVC CKPT FOLDER: files that are no records, or not those of this model's kernels."""
import json
import os
import re
import subprocess
import sys

rwkvc, checkpoint, folder = sys.argv[1:4]
printed = subprocess.run([rwkvc, "compile", checkpoint, "--print-after=schedule", "--target-cpu=haswell"], check=True,
                         capture_output=True, text=True).stdout
schedule = "#kernel.schedule" + re.search(r"schedule (<[^>]*most_rows = 1[^>]*>)", printed).group(1)
good = {"record": "best", "kernel": "k", "cpu": "haswell", "features": "", "compiler": "0.1.0", "schedule": schedule,
        "verdict": "ok", "threads": 2, "rows": 1, "ns": 1.5, "ratio": 0.9, "spread": 0.01, "bytes": 1, "operations": 2}
line = json.dumps(good)
cases = {
    "empty object": ("{}", "it has no text 'record'"),
    "binary": ("\0" * 100 + "\n", "a record is one flat JSON object"),
    "nesting": ("[" * 4000, "a record is one flat JSON object"),
    "long": (line[:-1] + " " * 5000 + "}", "a record has at most 4096 bytes"),
    "number": (line.replace("1.5", "1e999"), "it is not JSON|it has no number 'ns'"),
    "negative": (line.replace("1.5", "-1.5"), "it has no number 'ns'"),
    "schedule": (line.replace("panel", "<"), "'schedule' is not a #kernel.schedule"),
}
failed = 0


def demand(name, command, sentence):
    global failed
    done = subprocess.run([rwkvc, *command], capture_output=True, text=True, timeout=60)
    errors = done.stderr.strip().splitlines()
    if done.returncode != 1 or len(errors) != 1 or not re.search(sentence, errors[0]):
        failed += 1
        print("%s: exit code %d, %s" % (name, done.returncode, done.stderr))


def compile_with(path):
    return ["compile", checkpoint, "--target-cpu=haswell", "--schedules", path, "-o", os.path.join(folder, "m.so")]


for name, (text, sentence) in cases.items():
    path = os.path.join(folder, name.replace(" ", "-"))
    with open(path, "w") as file:
        file.write(line + "\n" + text + "\n" + line + "\n")
    sentence = r"rwkvc: error: (--schedules: )?.*%s:2: (%s)" % (os.path.basename(path), sentence)
    demand(name, ["tune", "--show", path], sentence)
    demand(name, compile_with(path), sentence)
for path, sentence in (("/dev/zero", "it is not a regular file"), (folder, "it is not a regular file"),
                       (os.path.join(folder, "absent"), "No such file or directory")):
    demand(path, ["tune", "--show", path], sentence)
    demand(path, compile_with(path), sentence)
    if path != os.path.join(folder, "absent"):
        demand(path, ["tune", checkpoint, "--records", path], sentence)

print("%d failed" % failed)
sys.exit(failed != 0)
