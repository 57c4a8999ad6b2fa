# Prints the innermost loops of an assembly function that are one basic block: `inner_loops.py FUNCTION < FILE`; or those
# of the first kernel that a pattern matches in the text of phase plan: `inner_loops.py PLAN PATTERN < FILE`.
import re
import sys

import kernels

name = kernels.name_of(*sys.argv[1:]) if len(sys.argv) > 2 else sys.argv[1]
block, label = [], None
for line in kernels.body_of(sys.stdin.read(), name).splitlines():
    if found := re.match(r"(\.L\w+):", line):
        block, label = [], found.group(1)
    block.append(line)
    if label and re.match(rf"\t(j\w+|b\.\w+|[ct]bn?z)\t(\w+, )?(#\d+, )?{re.escape(label)}$", line):
        print("\n".join(block))
