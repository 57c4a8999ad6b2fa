"""check_world_cases.py RWKVC VOCABULARY CASES...: ids that are written down. A line is the hex of a text, a tab, ids."""
import sys

import runtime_tokenizer

ours, wrong, count = runtime_tokenizer.load(*sys.argv[1:3]), 0, 0
for path in sys.argv[3:]:
    with open(path) as file:
        for line in file:
            text, _, ids = line.rstrip("\n").partition("\t")
            if text == "utf8_or_raw_bytes_hex":  # the first line of some
                continue
            text, ids = bytes.fromhex(text), [int(number) for number in ids.split()]
            if ours.encode(text) != ids or ours.decode(ids) != text:
                print("%r: %s instead of %s" % (text, ours.encode(text), ids))
                wrong += 1
            count += 1
print("%d cases, %d differences" % (count, wrong))
sys.exit(wrong > 0 or count == 0)
