"""other_schedules.py FILE KIND: best records made of a file's trials, of each kernel the slowest that computed the right
thing in a layout. KIND says which: 'agree', panels of 32; 'disagree', of 64 for a single row and 32 for more; 'rows', as agree,
but for kernels of other rows than their records say; 'skip', that in which zeros are skipped; 'scan', what scans have."""
import json
import sys

path, kind = sys.argv[1:]
with open(path) as file:
    records = [json.loads(line) for line in file]
trials = [record for record in records if record["record"] == "trial" and record["verdict"] == "ok"]
for kernel in sorted({record["kernel"] for record in records}):
    panel = 64 if kind == "disagree" and "rows=1 " in kernel else 32
    layout = {"skip": "skip_zeros = true", "scan": "panel = 16,"}.get(kind, "panel = %d," % panel)
    own = [record for record in trials if record["kernel"] == kernel and layout in record["schedule"]]
    for record in sorted(own, key=lambda record: record["ratio"])[-1:]:
        schedule = record["schedule"]
        if kind == "rows":
            schedule = schedule.replace("most_rows = 1>", "most_rows = 2>").replace("most_rows = 1,", "most_rows = 2,")
        print(json.dumps(dict(record, record="best", schedule=schedule)))
