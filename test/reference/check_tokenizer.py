"""check_tokenizer.py RWKVC KIND SOURCE...: the runtime's tokenizer against the plain one, on everything that tells.

Every entry alone comes back; every text of the corpus, and random pieces of it, give the plain tokenizer's ids and
come back. KIND says how the plain one reads SOURCE; a second SOURCE holds the same vocabulary in another format.
"""
import random
import sys
import unicodedata

import corpus
import runtime_tokenizer
import tokenizers

READERS = {"world": lambda path: tokenizers.LongestMatch(tokenizers.read_world(path)), "bpe": tokenizers.Bpe}


def encoded(tokenizer, text):
    """None for what it refuses: a byte that is in no token."""
    try:
        return tokenizer.encode(text)
    except ValueError:
        return None


def differences(plain, ours, texts):
    for text in texts:
        expected, got = encoded(plain, text), encoded(ours, text)
        if None in (expected, got):
            if expected != got:
                yield "%r is refused by one of them only" % text[:60]
        elif got != expected:
            first = next((i for i, (a, b) in enumerate(zip(got, expected)) if a != b), min(len(got), len(expected)))
            yield "%r: id %d is of %s, but should be of %s" % (
                text[:60], first, got[first : first + 5], expected[first : first + 5])
        elif ours.decode(got) != plain.decode(got):
            yield "%r comes back as %r" % (text[:60], ours.decode(got)[:60])


def lost_entries(plain, ours):
    for number, text in plain.texts.items():
        if number == ours.end:
            continue
        # As text, an entry may be something that normalisation changes.
        if ours.decode([number]) != text or ours.decode(ours.encode(text)) != plain.decode(plain.encode(text)):
            yield "entry %d, %r, does not come back" % (number, text)


def pieces(texts, count):
    """Random slices: they cut characters, and put what ends a text where nothing did before."""
    rng = random.Random(7)
    for _ in range(count):
        text = rng.choice(texts)
        start = rng.randrange(len(text) + 1)
        yield text[start : start + rng.randrange(1, 200)] + rng.choice(texts)[: rng.randrange(20)]


def marks(count):
    """What normalisation is about: marks in any order, characters that join and part, Hangul, behind anything."""
    rng = random.Random(8)
    pool = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000 and (
        unicodedata.combining(chr(code)) or unicodedata.decomposition(chr(code)) or 0x1100 <= code < 0x1200)]
    few = [chr(code) for code in (0x61, 0x65, 0x20, 0x301, 0x302, 0x323, 0x31B, 0x1100, 0x1161, 0x11A8, 0xAC00)]
    for _ in range(count):
        text = "".join(rng.choice(rng.choice((pool, few))) for _ in range(rng.randrange(1, 30)))
        yield text.encode()[: rng.choice((1000, 1000, rng.randrange(1, 40)))]


def long_texts(texts):
    """Long enough for the runtime to remember words, among them ones that differ in zeros at their ends only."""
    rng = random.Random(9)
    zeros = [b" " + word + b"\0" * count for word in (b"!", b"", b"=====", b"?" * 20) for count in range(12)]
    short = [text for text in texts if len(text) < 1000] + zeros
    for _ in range(3):
        yield b"".join(rng.choice(rng.choice((short, zeros))) for _ in range(2000))


def main(rwkvc, kind, *sources):
    plain, wrong = READERS[kind](sources[0]), []
    texts = corpus.texts()
    sample = texts + list(pieces(texts, 2000)) + list(marks(2000)) + list(long_texts(texts))
    for source in sources:
        ours = runtime_tokenizer.load(rwkvc, source)
        wrong += list(lost_entries(plain, ours)) + list(differences(plain, ours, sample))
    for line in wrong[:20]:
        print(line)
    print("%d entries, %d texts, %d differences" % (len(plain.texts), len(sample), len(wrong)))
    sys.exit(bool(wrong))


main(*sys.argv[1:])
