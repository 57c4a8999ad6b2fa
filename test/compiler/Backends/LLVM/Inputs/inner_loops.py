# Prints the innermost loops of an assembly function that are one basic block: `inner_loops.py FUNCTION < FILE`.
import re
import sys

body = re.search(rf"^{sys.argv[1]}:\n(.*?)^\.Lfunc_end", sys.stdin.read(), re.DOTALL | re.MULTILINE).group(1)
block, label = [], None
for line in body.splitlines():
    if found := re.match(r"(\.L\w+):", line):
        block, label = [], found.group(1)
    block.append(line)
    if label and re.match(rf"\tj\w+\t{re.escape(label)}$", line):
        print("\n".join(block))
