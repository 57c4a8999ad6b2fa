"""Every way a tokenizer.json can be wrong, or ask for what is not there, is one sentence."""
import copy
import json
import sys

import refusals as r

refusals = r.Refusals(*sys.argv[1:3])
LEVEL = {"type": "ByteLevel", "add_prefix_space": False}
GOOD = {
    "added_tokens": [{"id": 0, "content": "<|endoftext|>", "special": True, "normalized": False}],
    "normalizer": {"type": "NFC"}, "pre_tokenizer": LEVEL, "post_processor": None, "decoder": LEVEL,
    "model": {"type": "BPE", "vocab": {"a": 1, "b": 2, "ab": 3, "\u0120": 4}, "merges": ["a b"]},
}
text = json.dumps(GOOD).encode()


def case(name, expected, change):
    settings = copy.deepcopy(GOOD)
    change(settings)
    refusals.case(name, json.dumps(settings).encode(), expected)


def part(*path, value):
    def change(settings):
        for key in path[:-1]:
            settings = settings[key]
        settings[path[-1]] = value
    return change


refusals.accepted("good", text, "ab ba", [3, 4, 2, 1])
refusals.accepted("good-indented", json.dumps(GOOD, indent=2).encode(), "abab", [3, 3])
for end in range(1, len(text), 29):
    refusals.case("cut-%d" % end, text[:end], "as a tokenizer.json: it is no JSON")
refusals.case("deep", b'{"model":' + b"[" * 100000, "nests deeper than 32 levels")
refusals.case("twice", b'{"model":{},"model":{}}', "'model' occurs twice")
refusals.case("other", b'{"weights": []}', "it is JSON without a 'model'")
refusals.case("latin-1", text.replace(b'"ab"', b'"\xe9"'), "it is no JSON")
for kind in ("WordPiece", "Unigram", "WordLevel"):
    case("model-" + kind, "its model is of type '%s', but only BPE" % kind, part("model", "type", value=kind))
case("model-list", "its model is of type ''", part("model", value=[]))
for name, value in {"dropout": 0.1, "unk_token": "<unk>", "continuing_subword_prefix": "##", "end_of_word_suffix": "</w>",
                    "byte_fallback": True, "ignore_merges": True}.items():
    case("model-" + name, "its model has '%s', which is not supported" % name, part("model", name, value=value))
case("no-pre-tokenizer", "its pre_tokenizer is of type ''", part("pre_tokenizer", value=None))
case("pre-tokenizer", "its pre_tokenizer is of type 'Split'", part("pre_tokenizer", value={"type": "Split"}))
case("prefix-space", "without a prefix space", part("pre_tokenizer", "add_prefix_space", value=True))
case("no-regex", "without a prefix space", part("pre_tokenizer", "use_regex", value=False))
case("normalizer", "its normalizer is of type 'NFKC'", part("normalizer", value={"type": "NFKC"}))
case("post", "its post_processor is of type 'TemplateProcessing'", part("post_processor", value={"type": "TemplateProcessing"}))
case("decoder", "its decoder is of type 'Metaspace'", part("decoder", value={"type": "Metaspace"}))
case("no-vocab", "its model has no vocab", part("model", "vocab", value=None))
case("no-merges", "its model has no merges", part("model", "merges", value={}))
case("id-text", "'c' of its vocab has no id", part("model", "vocab", "c", value="5"))
case("id-negative", "'c' of its vocab has no id", part("model", "vocab", "c", value=-1))
case("id-fraction", "'c' of its vocab has no id", part("model", "vocab", "c", value=1.5))
case("id-huge", "its vocab has id 1048576, but ids are below 1048576", part("model", "vocab", "c", value=1048576))
case("id-gap", "it has ids up to 6, but no id 5", part("model", "vocab", "c", value=6))
case("id-twice", "its vocab has id 3, which is", part("model", "vocab", "c", value=3))
case("alphabet", "'c d' of its vocab is not in the alphabet of bytes", part("model", "vocab", "c d", value=5))
case("alphabet-han", "of its vocab is not in the alphabet of bytes", part("model", "vocab", "中", value=5))
case("no-text", "'' of its vocab is not in the alphabet", part("model", "vocab", "", value=5))
for name, merge in {"one": "ab", "empty": "", "number": 3, "three": ["a", "b", "a"], "pair-of-numbers": [1, 2], "no-left": " b"}.items():
    case("merge-" + name, "merge 0 is not a pair of texts", part("model", "merges", value=[merge]))
case("merge-unknown", "merge 1 needs 'c', which is not in its vocab", part("model", "merges", value=["a b", "a c"]))
case("merge-no-result", "merge 0 needs 'ba', which is not in its vocab", part("model", "merges", value=["b a"]))
case("merge-three-words", "merge 0 needs 'b a', which", part("model", "merges", value=["a b a"]))
case("merge-twice", "the tokenizer's merges 0 and 1 are of one pair", part("model", "merges", value=["a b", "a b"]))
case("added-no-list", "its added_tokens are no list", part("added_tokens", value={"a": 1}))
case("added-no-id", "an added token has no id or no content", part("added_tokens", value=[{"content": "x"}]))
case("added-no-content", "an added token has no id or no content", part("added_tokens", value=[{"id": 0, "content": ""}]))
case("added-text", "an added token has no id or no content", part("added_tokens", value=["x"]))
case("added-id-twice", "its added_tokens: has id 0, which is", part("added_tokens", value=GOOD["added_tokens"] * 2))
case("added-text-twice", "has the text of another id", part("added_tokens", value=[
    GOOD["added_tokens"][0], {**GOOD["added_tokens"][0], "id": 5}]))
for name in ("single_word", "lstrip", "rstrip"):
    case("added-" + name, "added token '<|endoftext|>' has '%s', which is not supported" % name, part("added_tokens", 0, name, value=True))
refusals.finish()
