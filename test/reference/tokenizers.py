"""What tokenizers do, said as plainly as possible, and slowly: to compare the runtime's with.

Reads vocabularies with Python's own means, and works on bytes as the runtime does.
"""
import ast
import functools
import json
import re
import unicodedata


def read_world(path):
    """{id: bytes} of a World vocabulary."""
    texts = {}
    with open(path, encoding="utf-8", newline="\n") as file:
        for line in file:
            number, rest = line.rstrip("\r\n").split(" ", 1)
            literal, length = rest.rsplit(" ", 1)
            text = ast.literal_eval(literal)
            text = text.encode() if isinstance(text, str) else text
            assert len(text) == int(length), line
            texts[int(number)] = text
    return texts


class LongestMatch:
    """At each place the longest entry that the text goes on with."""

    def __init__(self, texts):
        self.texts = texts
        self.ids = {text: number for number, text in texts.items()}
        assert len(self.ids) == len(texts), "two ids with one text"
        self.longest = max(map(len, self.ids))

    def encode(self, text):
        result, at = [], 0
        while at < len(text):
            for length in range(min(self.longest, len(text) - at), 0, -1):
                number = self.ids.get(text[at : at + length])
                if number is not None:
                    break
            else:
                raise ValueError("byte %#04x at offset %d" % (text[at], at))
            result.append(number)
            at += length
        return result

    def decode(self, ids):
        return b"".join(self.texts.get(number, b"") for number in ids)


def ranges(holds):
    """A character class of `re` for the code points of which `holds` is true."""
    text, start = "", None
    for code in range(0x110001):
        inside = code < 0x110000 and holds(code)
        if inside and start is None:
            start = code
        elif not inside and start is not None:
            text += "\\U%08x-\\U%08x" % (start, code - 1)
            start = None
    return text


@functools.cache
def word_pattern():
    """GPT-2's expression; `re` knows neither \\p{L} nor Unicode's own white space."""
    category = lambda code: unicodedata.category(chr(code))[0]
    letter, number = ranges(lambda code: category(code) == "L"), ranges(lambda code: category(code) == "N")
    space = "\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000"
    return re.compile(
        "'s|'t|'re|'ve|'m|'ll|'d| ?[%s]+| ?[%s]+| ?[^%s%s%s]+|[%s]+(?![^%s])|[%s]+"
        % (letter, number, space, letter, number, space, space, space))


class Bpe:
    """HuggingFace's byte-level BPE. Bytes that are no UTF-8 pass through as lone surrogates, which are neither
    letters nor numbers nor spaces."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            settings = json.load(file)
        alphabet = self.alphabet()
        self.normalises = (settings["normalizer"] or {}).get("type") == "NFC"
        added = {token["content"]: token for token in settings["added_tokens"]}
        vocabulary = settings["model"]["vocab"]
        self.ids = {bytes(alphabet[c] for c in text): number for text, number in vocabulary.items() if text not in added}
        self.texts = {number: text for text, number in self.ids.items()}
        self.texts.update({token["id"]: text.encode() for text, token in added.items()})
        pairs = [merge.split(" ") if isinstance(merge, str) else merge for merge in settings["model"]["merges"]]
        self.ranks = {tuple(bytes(alphabet[c] for c in part) for part in pair): i for i, pair in enumerate(pairs)}
        # An added token that is looked for in normalised text is itself normalised for it.
        self.added = {self.form(text) if token["normalized"] else text: token["id"] for text, token in added.items()}
        self.as_given = self.finder([text for text, token in added.items() if not token["normalized"]])
        self.normalised = self.finder([self.form(text) for text, token in added.items() if token["normalized"]])
        self.end = self.added.get("<|endoftext|>", -1)
        self.known = {}

    @staticmethod
    def alphabet():
        itself = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
        others = [byte for byte in range(256) if byte not in itself]
        return {**{chr(byte): byte for byte in itself}, **{chr(256 + i): byte for i, byte in enumerate(others)}}

    @staticmethod
    def finder(texts):
        longest_first = sorted(texts, key=len, reverse=True)
        return re.compile("(%s)" % "|".join(map(re.escape, longest_first)) if texts else r"(?!)()")

    def form(self, text):
        return unicodedata.normalize("NFC", text) if self.normalises else text

    def merge(self, word):
        parts = [word[i : i + 1] for i in range(len(word))]
        while len(parts) > 1:
            rank, at = min((self.ranks.get(pair, 1 << 30), i) for i, pair in enumerate(zip(parts, parts[1:])))
            if rank == 1 << 30:
                break
            parts[at : at + 2] = [parts[at] + parts[at + 1]]
        for part in parts:
            if part not in self.ids:
                raise ValueError("byte %#04x" % part[0])
        return [self.ids[part] for part in parts]

    def words(self, text):
        for word in word_pattern().findall(text):
            word = word.encode("utf-8", "surrogateescape")
            if word not in self.known:
                self.known[word] = self.merge(word)
            yield from self.known[word]

    def encode(self, text):
        result = []
        for i, part in enumerate(self.as_given.split(text.decode("utf-8", "surrogateescape"))):
            if i % 2:
                result.append(self.added[part])
                continue
            for j, piece in enumerate(self.normalised.split(self.form(part))):
                result.extend([self.added[piece]] if j % 2 else self.words(piece))
        return result

    def decode(self, ids):
        return b"".join(b"" if number == self.end else self.texts[number] for number in ids)
