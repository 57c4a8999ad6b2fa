"""make_world.py OUT: a small World vocabulary: every byte, words of many scripts, beginnings of each other.

Literals are written in every way that Python has, one after the other.
"""
import random
import sys

import corpus


def literal(text, way):
    """Python's notation of some bytes; `way` chooses among those that are possible."""
    try:
        string = text.decode()
        ways = [repr(string), '"%s"' % "".join("\\U%08x" % ord(c) for c in string), repr(text)]
        if all(ord(c) < 256 for c in string):
            ways += ["'%s'" % "".join("\\x%02x" % ord(c) for c in string),
                     '"%s"' % "".join("\\%03o" % ord(c) for c in string)]
    except UnicodeDecodeError:
        ways = [repr(text), 'b"%s"' % "".join("\\x%02x" % c for c in text)]
    return ways[way % len(ways)]


def main(path):
    rng = random.Random(3)
    known = {bytes([i]) for i in range(256)}
    texts = sorted(known)
    for text in corpus.texts():
        for _ in range(30):
            start = rng.randrange(len(text))
            piece = text[start : start + rng.choice((2, 2, 3, 3, 4, 5, 6, 9, 12, 130))]
            # With each entry some of its beginnings, so that matches have to be given up half-way.
            for end in {len(piece), rng.randrange(len(piece)) + 1}:
                if piece[:end] not in known:
                    known.add(piece[:end])
                    texts.append(piece[:end])
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        for i, text in enumerate(texts):
            out.write("%d %s %d\n" % (i + 1, literal(text, i), len(text)))


main(sys.argv[1])
