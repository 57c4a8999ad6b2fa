#!/usr/bin/env python3
# Tokens per second of several sequences that are decoded together. README.md says how to read it.
from rounds import run

run("sequences", 8)
