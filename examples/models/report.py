#!/usr/bin/python3
# Compiles the bundled models in every weight format, measures each through the Python package, and prints the tables
# of docs/Models.md. Needs rwkvc in PATH, the package (PYTHONPATH) and numpy; torch only for the zeros after relu^2.
import argparse
import os
import subprocess
import tempfile

import numpy

import ask
import rwkvc
import stories
import tasks

FOLDER = os.path.dirname(os.path.abspath(__file__))
MODELS = ("rwkv7-bytes", "rwkv6-bytes", "rwkv5.2-bytes", "rwkv4-bytes")


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--models", default=",".join(MODELS))
    parser.add_argument("--formats", default="f32,bf16,f16,q8,q4")
    parser.add_argument("--questions", type=int, default=500, help="fresh questions a task")
    parser.add_argument("--stories", type=int, default=100, help="fresh stories for the perplexity")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--zeros", action="store_true", help="also the zeros after relu^2 (needs torch)")
    parser.add_argument("--wrong", type=int, default=0, help="show so many wrong answers a task")
    return parser.parse_args()


def perplexity(session, count):
    """Of the bytes of fresh stories, given the request: 2 to the bits a byte costs."""
    total, seen = 0.0, 0
    for question, text in stories.fresh_stories(count):
        asked, said = tasks.prompt(question).encode(), f" {text}\n\n".encode()
        ids = list(asked + said)
        logits = session.step_batch([(rwkvc.State(session.model), ids[:-1])], want=range(len(asked) - 1, len(ids) - 1))
        rows = numpy.asarray(logits.flat, numpy.float64).reshape(len(said), -1)
        rows = rows - rows.max(1, keepdims=True)
        total += (numpy.log(numpy.exp(rows).sum(1)) - rows[numpy.arange(len(said)), list(said)]).sum()
        seen += len(said)
    return float(numpy.exp(total / seen))


def measure(path, args):
    wrong = {name: [] for name in tasks.TASKS}
    with rwkvc.Model(path) as model, rwkvc.Session(model, args.threads) as session:
        shares = {name: ask.share_right(rwkvc, session, name, args.questions, wrong=wrong[name])
                  for name in tasks.TASKS}
        row = [model.info.file_bytes / 1e6, *(100 * share for share in shares.values()),
               100 * sum(shares.values()) / len(shares), perplexity(session, args.stories)]
    for name, answers in wrong.items():
        for question, expected, text in answers[:args.wrong]:
            print(f"  {name}: {question!r} {expected!r} {text!r}")
    return row


def zeros(name):
    """The share of zeros after relu^2 in each layer, over fresh questions and stories."""
    import importlib

    import torch

    import checkpoint
    import model

    tensors, _ = checkpoint.read(os.path.join(FOLDER, name + ".safetensors"))
    version = importlib.import_module(name[:5])
    text = "".join(tasks.prompt(q) + f" {a}\n\n" for q, a in stories.fresh_stories(10))
    for task in tasks.TASKS:
        text += "".join(tasks.prompt(q) + f" {a}\n\n" for q, a in tasks.fresh_questions(task, 40))
    ids = torch.tensor([list(text.encode()[:len(text) // 256 * 256])]).view(-1, 256)
    found = []
    with torch.no_grad():
        model.forward(version, tensors, ids, found)
    return found


def main():
    args = arguments()
    print(f"| model | weights | file, MB | {' | '.join(tasks.TASKS)} | mean | perplexity |")
    print("| --- " * (len(tasks.TASKS) + 5) + "|")
    for name in args.models.split(","):
        for weights in args.formats.split(","):
            with tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, "model.so")
                subprocess.run(["rwkvc", "compile", os.path.join(FOLDER, name + ".safetensors"), "-o", path,
                                f"--weights={weights}"], check=True, stdout=subprocess.DEVNULL)
                size, *shares, spread = measure(path, args)
            print(f"| {name} | {weights} | {size:.2f} | {' | '.join(f'{s:.1f}' for s in shares)} | {spread:.4f} |",
                  flush=True)
    if args.zeros:
        print("\n| model | zeros after relu², %, layer by layer |\n| --- | --- |")
        for name in args.models.split(","):
            print(f"| {name} | {', '.join(f'{100 * share:.0f}' for share in zeros(name))} |", flush=True)


if __name__ == "__main__":
    main()
