# Writes an RWKV-4 of one layer as safetensors, f32: the least that compiles. With an argument more, one weight is NaN.
import json
import random
import struct
import sys

C, F, V = 16, 64, 32
ATT, FFN, NORMS = "blocks.0.att.", "blocks.0.ffn.", ("blocks.0.ln0", "blocks.0.ln1", "blocks.0.ln2", "ln_out")
shapes = {"emb.weight": (V, C), "head.weight": (V, C)}
shapes |= {norm + part: (C,) for norm in NORMS for part in (".weight", ".bias")}
shapes |= {ATT + name: (C,) for name in ("time_decay", "time_first")}
shapes |= {ATT + "time_mix_" + name: (1, 1, C) for name in "kvr"}
shapes |= {ATT + name + ".weight": (C, C) for name in ("key", "value", "receptance", "output")}
shapes |= {FFN + "time_mix_k": (1, 1, C), FFN + "time_mix_r": (1, 1, C), FFN + "receptance.weight": (C, C),
           FFN + "key.weight": (F, C), FFN + "value.weight": (C, F)}

random.seed(4)
header, data = {}, b""
for name, shape in shapes.items():
    size = 1
    for dimension in shape:
        size *= dimension
    values = [random.uniform(-0.5, 0.5) for _ in range(size)]
    if len(sys.argv) > 2 and name == ATT + "key.weight":
        values[7] = float("nan")
    header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + 4 * size]}
    data += struct.pack(f"<{size}f", *values)
text = json.dumps(header).encode()
with open(sys.argv[1], "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text + data)
