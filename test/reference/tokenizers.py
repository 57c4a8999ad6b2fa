"""What tokenizers do, said as plainly as possible, and slowly: to compare the runtime's with.

Reads vocabularies with Python's own means, and works on bytes as the runtime does.
"""
import ast


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
