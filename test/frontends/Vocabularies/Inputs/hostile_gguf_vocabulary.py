"""Every way the vocabulary of a gguf file can be wrong is one sentence."""
import struct
import sys

import checkpoints as c
import refusals as r

refusals = r.Refusals(*sys.argv[1:3])
NAMES = ("model", "tokens", "token_type", "eos_token_id")


def texts(*items):
    return 9, struct.pack("<IQ", 8, len(items)) + b"".join(map(c.gguf_string, items))


def numbers(*items, kind=5):
    return 9, struct.pack("<IQ", kind, len(items)) + b"".join(struct.pack("<i", item) for item in items)


def content(**changed):
    values = {"model": (8, c.gguf_string("rwkv")), "tokens": texts("<s>", "a", "b", "ab", "[PAD]"),
              "token_type": numbers(3, 1, 1, 1, 5), "eos_token_id": (4, struct.pack("<I", 0)), **changed}
    pairs = [c.gguf_pair("tokenizer.ggml." + name, *values[name]) for name in NAMES if values[name]]
    return c.gguf(c.sample(), pairs)


def case(name, expected, **changed):
    refusals.case(name, content(**changed), expected)


refusals.accepted("good", content(), "abba", [3, 2, 1])
refusals.accepted("no-end", content(eos_token_id=None), "abba", [3, 2, 1])
refusals.accepted("end-is-no-text", content(eos_token_id=(4, struct.pack("<I", 3))), "abba", [1, 2, 2, 1])
case("no-vocabulary", "is a gguf file without a vocabulary", model=None)
case("none", "is a gguf file without a vocabulary", model=(8, c.gguf_string("none")))
for model in ("gpt2", "llama", "bert", "t5"):
    case(model, "it is of model '%s', but only 'rwkv' is read" % model, model=(8, c.gguf_string(model)))
case("no-tokens", "it has no 'tokenizer.ggml.tokens' of texts", tokens=None)
case("tokens-numbers", "it has no 'tokenizer.ggml.tokens' of texts", tokens=numbers(1, 2))
case("tokens-none", "it has 0 tokens, but types for 5", tokens=texts(), eos_token_id=None)
case("no-types", "it has no 'tokenizer.ggml.token_type' of 32-bit numbers", token_type=None)
case("types-texts", "it has no 'tokenizer.ggml.token_type' of 32-bit numbers", token_type=texts("1"))
case("types-few", "it has 5 tokens, but types for 4", token_type=numbers(3, 1, 1, 1))
case("end-range", "its eos_token_id is '5', but it has 5 tokens", eos_token_id=(4, struct.pack("<I", 5)))
case("end-negative", "its eos_token_id is '-1'", eos_token_id=(5, struct.pack("<i", -1)))
case("end-huge", "its eos_token_id is '4294967295'", eos_token_id=(4, struct.pack("<I", 2**32 - 1)))
case("end-text", "its eos_token_id is 'x'", eos_token_id=(8, c.gguf_string("x")))
case("token-empty", "token 2 is '', which is no escaped text", tokens=texts("<s>", "a", "", "ab", "[PAD]"))
case("token-escape", "which is no escaped text", tokens=texts("<s>", "a", "\\x1", "ab", "[PAD]"))
case("token-backslash", "which is no escaped text", tokens=texts("<s>", "a", "b\\", "ab", "[PAD]"))
case("token-utf-8", "which is no escaped text", tokens=texts("<s>", "a", "é", "ab", "[PAD]"))
case("token-twice", "has the text of another id", tokens=texts("<s>", "a", "b", "b", "[PAD]"))
refusals.finish()
