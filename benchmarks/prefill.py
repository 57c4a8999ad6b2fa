#!/usr/bin/env python3
# Tokens per second of one long prompt. README.md says how to read it.
from rounds import run

run("prefill", 512)
