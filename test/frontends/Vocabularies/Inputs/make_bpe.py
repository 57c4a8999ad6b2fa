"""make_bpe.py OUT: a small byte-level BPE as tokenizer.json, made to be hard rather than good.

Merges are of neighbours in the corpus, some texts can be reached in two ways, and ranks are shuffled, so that a merge
may come before the merges that make its parts. Added tokens overlap, are beginnings of each other, hold what NFC
changes, and runs of spaces.
"""
import json
import random
import sys
import unicodedata

import corpus
import tokenizers

ADDED = [("<|endoftext|>", True, False), ("<|pad|>", True, False), ("  ", False, True), ("    ", False, True),
         ("<|pad|><|endoftext|>x", False, False), ("\u212b", False, True), ("e\u0301e\u0301", False, True),
         ("日月", False, False), ("the", False, True)]


def random_merges(words, count, rng):
    texts, merges = {bytes([i]) for i in range(256)}, {}
    while len(merges) < count:
        word = rng.choice(words)
        parts = [word[i : i + 1] for i in range(len(word))]
        # A few of the known merges, wherever they fit, then one that is new.
        for _ in range(rng.randrange(8)):
            fits = [i for i, pair in enumerate(zip(parts, parts[1:])) if pair in merges]
            if fits:
                at = rng.choice(fits)
                parts[at : at + 2] = [parts[at] + parts[at + 1]]
        if len(parts) > 1:
            at = rng.randrange(len(parts) - 1)
            merges[parts[at], parts[at + 1]] = True
            texts.add(parts[at] + parts[at + 1])
    merges = list(merges)
    rng.shuffle(merges)
    return sorted(texts), merges


def main(path):
    rng = random.Random(5)
    letters = {byte: c for c, byte in tokenizers.Bpe.alphabet().items()}
    spell = lambda text: "".join(letters[byte] for byte in text)
    words = [word.encode("utf-8", "surrogateescape") for text in corpus.texts() for word in
             tokenizers.word_pattern().findall(unicodedata.normalize("NFC", text.decode("utf-8", "surrogateescape")))]
    texts, merges = random_merges([word for word in words if len(word) > 1], 3000, rng)
    rng.shuffle(texts)
    ids = {spell(text): i + 2 for i, text in enumerate(texts)}
    added, next_id = [], len(texts) + 2
    for i, (text, special, normalized) in enumerate(ADDED):
        number = i if i < 2 else next_id
        next_id += i >= 2
        added.append({"id": number, "content": text, "special": special, "normalized": normalized,
                      "single_word": False, "lstrip": False, "rstrip": False})
    ids.update({text: i for i, (text, _, _) in enumerate(ADDED[:2])})  # as GPT-NeoX's file has them: in both lists
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True}
    model = {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
             "end_of_word_suffix": None, "fuse_unk": False, "vocab": ids,
             # Both spellings of a merge occur in the wild.
             "merges": [[spell(a), spell(b)] if i % 2 else spell(a) + " " + spell(b) for i, (a, b) in enumerate(merges)]}
    with open(path, "w", encoding="utf-8") as out:
        json.dump({"version": "1.0", "truncation": None, "padding": None, "added_tokens": added,
                   "normalizer": {"type": "NFC"}, "pre_tokenizer": level, "post_processor": level, "decoder": level,
                   "model": model}, out, ensure_ascii=False)


main(sys.argv[1])
