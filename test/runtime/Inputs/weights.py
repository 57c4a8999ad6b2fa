# weights.py OUT: the fake module's sixteen weights.
import struct
import sys

with open(sys.argv[1], "wb") as out:
    out.write(struct.pack("<16f", *(token * 0.125 - 1 for token in range(16))))
