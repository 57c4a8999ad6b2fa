"""What is no checkpoint at all is refused before anything is read from it."""
import os
import sys

import tool

refusals = tool.Refusals(*sys.argv[1:3])
refusals.case("empty", b"", "it is empty")
refusals.case("one-byte", b"P", "none of safetensors")
refusals.case("text", b"hello, this is no checkpoint\n" * 10, "none of safetensors")
refusals.case("old-ggml", b"lmgg" + b"\0" * 64, "none of safetensors")
for name in ("folder", "pipe", "link-to-nothing"):
    if os.path.lexists(refusals.path(name)):
        (os.rmdir if name == "folder" else os.remove)(refusals.path(name))
os.mkdir(refusals.path("folder"))
refusals.existing("folder", "it is a folder without model.safetensors and model.safetensors.index.json")
os.mkfifo(refusals.path("pipe"))
refusals.existing("pipe", "it is not a regular file")
os.symlink("nowhere", refusals.path("link-to-nothing"))
refusals.existing("link-to-nothing", "No such file or directory")
refusals.existing("two\nlines", "two\\0Alines")
refusals.existing("long" * 50, "long" * 50)
refusals.finish()
