"""make_unicode_tables.py OUT: C++ arrays of what tokenizers need to know of Unicode, from Python's unicodedata.

A code point's properties are one byte, found through two stages; decompositions and compositions are sorted lists.
"""
import sys
import unicodedata

BLOCK = 128
# White_Space has not changed since Unicode 6.3; str.isspace() is another property.
SPACES = {*range(0x09, 0x0E), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000}
HANGUL = range(0xAC00, 0xD7A4)  # composed by arithmetic
VOWELS_AND_TRAILS = {*range(0x1161, 0x1176), *range(0x11A8, 0x11C3)}
SURROGATES = range(0xD800, 0xE000)


def compositions():
    for code in range(0x110000):
        parts = unicodedata.decomposition(chr(code)).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            first, second = (int(part, 16) for part in parts)
            if unicodedata.normalize("NFC", chr(first) + chr(second)) == chr(code):
                yield first, second, code


def character_class(code):
    if code in SPACES:
        return 3
    return {"L": 1, "N": 2}.get(unicodedata.category(chr(code))[0], 0)


def properties(code, seconds):
    if code in SURROGATES:
        return 0
    text = chr(code)
    changes = unicodedata.combining(text) or code in seconds or unicodedata.normalize("NFC", text) != text
    return character_class(code) | (4 if changes else 0)


def stages(seconds):
    blocks, index = {}, []
    for start in range(0, 0x110000, BLOCK):
        block = bytes(properties(code, seconds) for code in range(start, start + BLOCK))
        index.append(blocks.setdefault(block, len(blocks)))
    return index, b"".join(blocks)


def decompositions():
    """(code, its full canonical decomposition), Hangul left out."""
    for code in range(0x110000):
        if code in SURROGATES or code in HANGUL:
            continue
        text = unicodedata.normalize("NFD", chr(code))
        if text != chr(code):
            yield code, [ord(c) for c in text]


def array(out, kind, name, values):
    out.write("constexpr %s %s[] = {\n" % (kind, name))
    values = [str(value) for value in values]
    for start in range(0, len(values), 16):
        out.write(",".join(values[start : start + 16]) + ",\n")
    out.write("};\n")


def main(path):
    pairs = sorted(compositions())
    index, flags = stages({second for _, second, _ in pairs} | VOWELS_AND_TRAILS)
    split, pool = [], []
    for code, parts in decompositions():
        split.append("{%d,%d,%d}" % (code, len(pool), len(parts)))
        pool += parts
    marks = [(code, unicodedata.combining(chr(code))) for code in range(0x110000) if unicodedata.combining(chr(code))]
    with open(path, "w") as out:
        out.write('constexpr const char *unicodeVersion = "%s";\n' % unicodedata.unidata_version)
        out.write("constexpr uint32_t blockSize = %d;\n" % BLOCK)
        array(out, "uint16_t", "blocks", index)
        array(out, "uint8_t", "flags", flags)
        array(out, "Mark", "marks", ["{%d,%d}" % mark for mark in marks])
        array(out, "Composition", "compositions", ["{%d,%d,%d}" % pair for pair in pairs])
        array(out, "Decomposition", "decompositions", split)
        array(out, "uint32_t", "decompositionPool", pool)


main(sys.argv[1])
