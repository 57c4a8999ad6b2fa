#!/usr/bin/env python3
# What weight formats cost in accuracy, rwkvc's beside ggml's, over a text. README.md says how to read it.
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile

import numpy as np

from ggml import TYPES, Ggml

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "test", "reference"))
import canonical  # noqa: E402
import writers  # noqa: E402

MATRIX = re.compile(r"((att|ffn)\.(key|value|receptance|gate|output)|head|emb)\.weight$")

CALIBRATED = re.compile(r"\bq[48]\b")


def arguments():
    parser = argparse.ArgumentParser(description="Measures what weight formats cost in accuracy.")
    parser.add_argument("checkpoint", help="a small one: it is held in memory in double precision")
    parser.add_argument("--tokens-file", required=True, metavar="FILE", help="decimal ids separated by white space")
    parser.add_argument("--rwkvc", default="rwkvc", metavar="FILE")
    parser.add_argument("--weights", default="bf16", metavar="LIST", help="values of compile's --weights, parted by ;")
    parser.add_argument("--calibration", metavar="FILE",
                        help="another text, as ids: what it changes of --weights is measured with it too")
    parser.add_argument("--ggml", metavar="FILE", help="libggml-base.so of llama.cpp")
    parser.add_argument("--types", default="q8_0,q5_1,q4_0,q4_K", metavar="LIST",
                        help="of ggml [q8_0,q5_1,q4_0,q4_K]")
    parser.add_argument("--head", metavar="TYPE", help="ggml's type of the head, as q6_K in llama.cpp's Q4_0")
    parser.add_argument("--compile-option", action="append", default=[], metavar="OPTION",
                        help="for every rwkvc compile, as --compile-option=--group-norm-eps=1e-5")
    parser.add_argument("--rows", type=int, default=1, metavar="N",
                        help="tokens a step: 1 as in decoding, more as in reading a prompt [1]")
    parser.add_argument("--json", metavar="FILE")
    options = parser.parse_args()
    options.types = options.types.split(",") if options.ggml else []
    unknown = set(options.types + ([options.head] if options.head else [])) - set(TYPES)
    if unknown:
        parser.error(f"no type {', '.join(sorted(unknown))}, only {', '.join(TYPES)}")
    return options


class Folder:
    """Compiles into a folder, and compares with the module of unrounded weights there."""

    def __init__(self, path, options):
        self.path, self.options = path, options
        self.exact = self.compiled(options.checkpoint, "f32")

    def run(self, *command):
        result = subprocess.run([self.options.rwkvc, *command], capture_output=True, text=True)
        if result.returncode != 0:
            sys.exit("accuracy: " + (result.stderr.strip() or f"rwkvc ended with {result.returncode}"))
        return result.stdout

    def compiled(self, checkpoint, weights, *more):
        module = os.path.join(self.path, f"{len(os.listdir(self.path))}.so")
        self.run("compile", checkpoint, "-o", module, "--weights=" + weights, *self.options.compile_option, *more)
        return module

    def rows(self, weights):
        """As each is rounded by itself and, where that differs, calibrated."""
        yield self.row(weights, self.compiled(self.options.checkpoint, weights))
        if self.options.calibration and CALIBRATED.search(weights):
            option = "--calibration=" + self.options.calibration
            yield self.row(weights + ", calibrated", self.compiled(self.options.checkpoint, weights, option))

    def row(self, name, module, read=None):
        seen = json.loads(self.run("compare", self.exact, module, "--tokens-file", self.options.tokens_file, "--rows",
                                   str(self.options.rows), "--threads", "1", "--json"))
        if read is None:
            read = json.loads(self.run("inspect", "--json", module))["decode_bytes"]
        return {"format": name, "bytes_per_token": read, **seen}


def ggml_row(folder, ggml, weights, kind, head):
    """Rounds the large matrices; LoRAs and vectors stay as they are, f16 by the count of bytes."""
    rounded, read, left_out = {}, 0, []
    for name, value in weights.items():
        use = head if head and name == "head.weight" else kind
        if not MATRIX.search(name):
            use = "f16"
        elif not ggml.fits(value, use):
            left_out.append(name)
            use = "f16"
        rows = 1 if name == "emb.weight" else value.size // value.shape[-1]
        read += rows * value.shape[-1] * ggml.bits(use) / 8
        rounded[name] = (ggml.rounded(value, use) if MATRIX.search(name) else value.astype(np.float32)), "F32"
    name = kind + (f", head {head}" if head else "")
    if len(left_out) == sum(bool(MATRIX.search(matrix)) for matrix in weights):
        print(f"{kind} fits no matrix of this model", file=sys.stderr)
        return None
    if left_out:
        name += f", {len(left_out)} matrices f16"
    path = os.path.join(folder.path, "rounded.safetensors")
    writers.write_safetensors(path, rounded)
    return folder.row("ggml " + name, folder.compiled(path, "f32"), int(read))


def main():
    options = arguments()
    with tempfile.TemporaryDirectory() as path:
        folder = Folder(path, options)
        rows = [row for weights in options.weights.split(";") for row in folder.rows(weights)]
        if options.ggml:
            ggml, weights = Ggml(options.ggml), canonical.load(options.checkpoint)[1]
            rows += filter(None, (ggml_row(folder, ggml, weights, kind, options.head) for kind in options.types))
    print(f"{os.path.basename(options.checkpoint)}, {rows[0]['tokens']} tokens, {options.rows} a step, perplexity with unrounded weights "
          f"{rows[0]['perplexity_a'] or float('nan'):.5g}")
    print(f"{'MB/token':>9} {'KL mean':>10} {'KL max':>10} {'logits mean':>11} {'logits max':>10} {'same best':>9} "
          f"{'perplexity':>10}  format")
    for row in rows:
        change = 100 * (row["perplexity_b"] / row["perplexity_a"] - 1) if row["perplexity_a"] else float("nan")
        print(f"{row['bytes_per_token'] / 1e6:>9.3f} {row['kl_mean']:>10.3g} {row['kl_max']:>10.3g} "
              f"{row['logit_difference_mean']:>11.3g} {row['logit_difference_max']:>10.3g} {100 * row['top1_agreement']:>7.2f} % {change:>+8.3f} %  "
              f"{row['format']}")
    if options.json:
        with open(options.json, "w") as file:
            json.dump(rows, file, indent=2)


if __name__ == "__main__":
    main()
