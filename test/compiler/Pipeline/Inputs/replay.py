# Prints a checkpoint after every phase, and lets rwkv-opt make each from the text of the one before.
import re
import subprocess
import sys

rwkvc, rwkv_opt, *command = sys.argv[1:]


def run(arguments, text=None):
    return subprocess.run(arguments, input=text, capture_output=True, check=True, text=True).stdout


def after(phase):
    return run([rwkvc, "compile", *command, "--print-after=" + phase])


phase, printed, seen = "import", after("import"), 1
while comment := re.match(r"// Next is '(\w+)': rwkv-opt --pass-pipeline='(.*)'\n", printed):
    phase, passes = comment.groups()
    replayed = run([rwkv_opt, "-", "--pass-pipeline=" + passes], printed)
    printed, seen = after(phase), seen + 1
    body = printed.split("\n", 1)[1] if printed.startswith("//") else printed
    if body.strip() != replayed.strip():
        sys.exit(f"phase '{phase}' is not what rwkv-opt makes of the text before it")
print(f"{seen} phases, the last is {phase}")
