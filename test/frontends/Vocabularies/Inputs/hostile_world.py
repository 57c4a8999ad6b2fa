"""Every way a World vocabulary can be wrong is one sentence."""
import sys

import refusals as r

refusals = r.Refusals(*sys.argv[1:3])
case = refusals.case
good = b"1 'a' 1\n2 'b' 1\n3 'ab' 2\n"

case("empty", b"", "empty")
case("noise", bytes(range(255, 0, -1)), "it is none of")
case("checkpoint", b"GGUF" + b"\0" * 20, "as gguf: ")
case("no-length", good + b"4 'c'\n", "line 4 is '4 'c'', which is not an id, a literal and a length")
case("no-id", good + b"'c' 1\n", "line 4 is")
case("id-text", good + b"x 'c' 1\n", "line 4 is")
case("id-negative", good + b"-4 'c' 1\n", "line 4 is")
case("id-zero", good + b"0 'c' 1\n", "line 4 is about id 0, which ends a text")
case("id-huge", good + b"4294967296 'c' 1\n", "line 4 has id 4294967296, but ids are below 1048576")
case("id-overflow", good + b"99999999999999999999999 'c' 1\n", "line 4 is")
case("id-twice", good + b"2 'c' 1\n", "line 4 has id 2, which is 'b' already")
case("text-twice", good + b"4 'ab' 2\n", "has the text of another id")
case("blank-line", good + b"\n4 'c' 1\n", "line 4 is ''")
case("length-lies", good + b"4 'cd' 3\n", "line 4 says that ''cd'' has 3 bytes, but it has 2")
case("length-of-characters", good + "4 'é' 1\n".encode(), "has 1 bytes, but it has 2")
case("length-text", good + b"4 'c' one\n", "line 4 is")
case("length-huge", good + b"4 'c' 99999999999999999999999\n", "line 4 is")
case("no-bytes", good + b"4 '' 0\n", "line 4 gives id 4 no bytes")
case("latin-1", good + b"4 '\xe9' 1\n", "line 4 has ''\\E9'', which is no literal")
case("bytes-not-ascii", good + "4 b'é' 2\n".encode(), "which is no literal")
case("cut", good + b"4 'c", "line 4 is")
for name, literal in {
    "open": b"'c", "other-quote": b"'c\"", "quote-inside": b"'c'd'", "quote-escaped": b"'c\\'", "prefix": b"r'c'",
    "number": b"12", "two": b"'c' 'd'", "hex-short": b"'\\x1'", "hex-wrong": b"'\\xg0'", "surrogate": b"'\\ud800'",
    "too-large": b"'\\U00110000'", "named": b"'\\N{DIGIT ONE}'", "triple": b"'''c'''", "short-u": b"'\\u12'",
}.items():
    case("literal-" + name, good + b"4 " + literal + b" 1\n", "which is no literal of Python's text or bytes")
case("long-line", good + b"4 '" + b"c" * 100000, "line 4 is")

refusals.accepted("crlf", good.replace(b"\n", b"\r\n"), "aba", [3, 1])
refusals.accepted("no-last-feed", good[:-1], "aba", [3, 1])
refusals.accepted("gaps", good + b"1000 'ba' 2\n", "bab", [1000, 2])
refusals.accepted("unknown-escape", good + b"4 '\\d' 2\n5 b'\\u0' 3\n", "\\d\\u0a", [4, 5, 1])
refusals.accepted("escapes", good + b"4 \"\\a\\b\\f\\n\\r\\t\\v\\\\\\'\\\"\" 10\n", "\a\b\f\n\r\t\v\\'\"", [4])
refusals.finish()
