#!/usr/bin/env python3
# Tokens per second of one sequence, token by token, beside the memory's speed. README.md says how to read it.
from rounds import run

run("decode", 32)
