# Counts the instructions of the basic block that adds products and prefetches: `skipping.py [MNEMONIC] < FILE`.
import re
import sys

blocks = re.split(r"^\.L\w+:.*$", sys.stdin.read(), flags=re.MULTILINE)
block = max((block for block in blocks if "prefetcht1" in block), key=lambda block: block.count("vfmadd"))


def count(pattern):
    return len(re.findall(rf"^\t{pattern}", block, re.MULTILINE))


stores = count(r"vmov[a-z0-9]+\t%zmm\d+, .*[)]$")
text = f"{count('vfmadd')} multiply-adds, {stores} stores, {count('prefetcht1')} prefetches, {count('call')} calls"
print(text + "".join(f", {count(name)} {name}" for name in sys.argv[1:]))
