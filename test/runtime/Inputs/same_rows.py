# same_rows.py WHOLE FIRST SECOND: are the rows of two .npy files together those of the third, to the last bit?
# Reads the format by itself, so that NpyWriter is not judged by itself.
import ast
import struct
import sys


def read(path):
    data = open(path, "rb").read()
    assert data[:8] == b"\x93NUMPY\x01\x00", "not a version 1.0 .npy file"
    size = struct.unpack("<H", data[8:10])[0]
    header = ast.literal_eval(data[10:10 + size].decode())
    assert (10 + size) % 64 == 0 and header["descr"] == "<f4" and not header["fortran_order"]
    shape, body = header["shape"], data[10 + size:]
    count = 1
    for extent in shape:
        count *= extent
    assert len(body) == 4 * count, f"{len(body)} bytes for {shape}"
    return shape, body


(whole_shape, whole), parts = read(sys.argv[1]), [read(path) for path in sys.argv[2:]]
assert whole == b"".join(body for _, body in parts), "the rows differ"
assert whole_shape[0] == sum(shape[0] if len(shape) == 2 else 1 for shape, _ in parts)
