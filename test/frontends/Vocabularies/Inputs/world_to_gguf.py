"""world_to_gguf.py WORLD OUT: the vocabulary inside of a gguf file, as llama.cpp's converter puts it there."""
import struct
import sys

import checkpoints as c
import tokenizers

texts = tokenizers.read_world(sys.argv[1])
size = max(texts) + 5
tokens, types = [b"<s>"], [3]
for number in range(1, size):
    known = number in texts
    tokens.append(repr(texts[number])[2:-1].encode() if known else b"[PAD%d]" % number)
    types.append(1 if known else 5)
array = lambda kind, items: struct.pack("<IQ", kind, size) + b"".join(items)
pairs = [
    c.gguf_pair("tokenizer.ggml.model", 8, c.gguf_string("rwkv")),
    c.gguf_pair("tokenizer.ggml.tokens", 9, array(8, map(c.gguf_string, tokens))),
    c.gguf_pair("tokenizer.ggml.token_type", 9, array(5, [struct.pack("<i", kind) for kind in types])),
    c.gguf_pair("tokenizer.ggml.eos_token_id", 4, struct.pack("<I", 0)),
]
with open(sys.argv[2], "wb") as out:
    out.write(c.gguf(c.sample(), pairs))
