"""other_schedules.py FILE KIND: best records made of a file's trials, of each kernel the slowest that computed the right
thing in a panel. KIND says which: 'agree', 32 for all; 'disagree', 64 for a single row and 32 for more; 'rows', as agree, but
for kernels of other rows than their records say."""
import json
import sys

path, kind = sys.argv[1:]
with open(path) as file:
    records = [json.loads(line) for line in file]
trials = [record for record in records if record["record"] == "trial" and record["verdict"] == "ok"]
for kernel in sorted({record["kernel"] for record in records}):
    panel = 64 if kind == "disagree" and "rows=1 " in kernel else 32
    own = [record for record in trials if record["kernel"] == kernel and "panel = %d," % panel in record["schedule"]]
    for record in sorted(own, key=lambda record: record["ratio"])[-1:]:
        schedule = record["schedule"]
        if kind == "rows":
            schedule = schedule.replace("most_rows = 1>", "most_rows = 2>").replace("most_rows = 1,", "most_rows = 2,")
        print(json.dumps(dict(record, record="best", schedule=schedule)))
