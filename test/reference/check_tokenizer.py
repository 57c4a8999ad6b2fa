"""check_tokenizer.py RWKVC KIND SOURCE...: the runtime's tokenizer against the plain one, on everything that tells.

Every entry alone comes back; every text of the corpus, and random pieces of it, give the plain tokenizer's ids and
come back. KIND says how the plain one reads SOURCE; a second SOURCE holds the same vocabulary in another format.
"""
import random
import sys

import corpus
import runtime_tokenizer
import tokenizers

READERS = {"world": lambda path: tokenizers.LongestMatch(tokenizers.read_world(path))}


def differences(plain, ours, texts):
    for text in texts:
        expected, got = plain.encode(text), ours.encode(text)
        if got != expected:
            first = next((i for i, (a, b) in enumerate(zip(got, expected)) if a != b), min(len(got), len(expected)))
            yield "%r: id %d is of %s, but should be of %s" % (
                text[:60], first, got[first : first + 5], expected[first : first + 5])
        elif ours.decode(got) != plain.decode(got):
            yield "%r comes back as %r" % (text[:60], ours.decode(got)[:60])


def lost_entries(plain, ours):
    for number, text in plain.texts.items():
        if number != ours.end and (ours.decode([number]) != text or ours.decode(ours.encode(text)) != text):
            yield "entry %d, %r, does not come back" % (number, text)


def pieces(texts, count):
    """Random slices: they cut characters, and put what ends a text where nothing did before."""
    rng = random.Random(7)
    for _ in range(count):
        text = rng.choice(texts)
        start = rng.randrange(len(text) + 1)
        yield text[start : start + rng.randrange(1, 200)] + rng.choice(texts)[: rng.randrange(20)]


def main(rwkvc, kind, *sources):
    plain, wrong = READERS[kind](sources[0]), []
    texts = corpus.texts()
    sample = texts + list(pieces(texts, 2000))
    for source in sources:
        ours = runtime_tokenizer.load(rwkvc, source)
        wrong += list(lost_entries(plain, ours)) + list(differences(plain, ours, sample))
    for line in wrong[:20]:
        print(line)
    print("%d entries, %d texts, %d differences" % (len(plain.texts), len(sample), len(wrong)))
    sys.exit(bool(wrong))


main(*sys.argv[1:])
