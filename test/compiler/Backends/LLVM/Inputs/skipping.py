# Counts the instructions of the basic block in which a kernel that skips zeros adds products and prefetches:
# `skipping.py PLAN [MNEMONIC] < FILE`.
import re
import sys

import kernels

body = kernels.body_of(sys.stdin.read(), kernels.name_of(sys.argv[1], "most_rows = 1, skip_zeros"))
blocks = re.split(r"^\.L\w+:.*$", body, flags=re.MULTILINE)
block = max((block for block in blocks if "prefetcht1" in block), key=lambda block: block.count("vfmadd"))


def count(pattern):
    return len(re.findall(rf"^\t{pattern}", block, re.MULTILINE))


stores = count(r"vmov[a-z0-9]+\t%zmm\d+, .*[)]$")
text = f"{count('vfmadd')} multiply-adds, {stores} stores, {count('prefetcht1')} prefetches, {count('call')} calls"
print(text + "".join(f", {count(name)} {name}" for name in sys.argv[2:]))
