#!/usr/bin/python3
# Rounds a training checkpoint to bf16 and writes it as .safetensors.
import sys

import torch

import checkpoint

source, target = sys.argv[1:]
saved = torch.load(source)
checkpoint.write(target, saved["tensors"], {"tokenizer": "bytes", "steps": saved["step"],
                                            "minutes": round(saved["seconds"] / 60)})
