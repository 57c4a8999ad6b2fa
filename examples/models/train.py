#!/usr/bin/python3
# Trains one model. See README.md for the commands of the bundled ones. A run that gets SIGTERM or Ctrl-C saves itself,
# and continues with --resume; it sleeps while --pause-file exists.
import argparse
import importlib
import json
import math
import os
import random
import signal
import time

for name, value in {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}.items():
    os.environ.setdefault(name, value)

import torch
import torch.nn.functional as F

import evaluate
import memory
import model
import optimizer
import rows


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--version", required=True, choices=["4", "5", "6", "7"])
    parser.add_argument("--layers", type=int, default=5)
    parser.add_argument("--channels", type=int, default=128)
    parser.add_argument("--head-size", type=int, default=32)
    parser.add_argument("--rows", type=int, default=4, help="rows a step")
    parser.add_argument("--length", type=int, default=512, help="tokens a row")
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--matrix-rate", type=float, default=0.02)
    parser.add_argument("--mix", required=True, help="shares of the tasks, such as add=2,sort=1,story=1")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--pause-file", default="")
    return parser.parse_args()


def learning_rate(step, steps):
    """Share of the full rate: 100 steps of warm-up, then constant, and down to zero over the last 45 %."""
    return min(1, (step + 1) / 100, max(0.0, (1 - step / steps) / 0.45))


def wait_while_paused(path):
    while path and os.path.exists(path):
        time.sleep(2)


def save(path, tensors, optim, step, seconds):
    torch.save({"tensors": tensors, "optimizer": optim.state(), "step": step, "seconds": seconds}, path + ".new")
    os.replace(path + ".new", path)


def loss_of(version, p, ids, weights):
    logits = model.forward(version, p, ids[:, :-1])
    each = F.cross_entropy(logits.reshape(-1, model.VOCABULARY), ids[:, 1:].reshape(-1), reduction="none")
    return (each * weights.reshape(-1)).sum() / weights.sum()


def main():
    args = arguments()
    memory.keep_pages()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    version = importlib.import_module(f"rwkv{args.version}")
    mix = {name: float(share) for name, share in (item.split("=") for item in args.mix.split(","))}
    p = model.fresh(version, args.layers, args.channels, args.head_size)
    optim = optimizer.Optimizer(p, args.matrix_rate, args.rate)
    step, seconds = 0, 0.0
    if args.resume:
        saved = torch.load(args.checkpoint)
        step, seconds = saved["step"], saved["seconds"]
        for name, t in p.items():
            t.data.copy_(saved["tensors"][name].data)
        optim.load(saved["optimizer"])
    rng = random.Random(args.seed * 1000003 + step)
    print(f"{sum(t.numel() for t in p.values())} parameters, from step {step}", flush=True)
    mean, stopping = None, []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.append(True))
    while step < args.steps and not stopping:
        wait_while_paused(args.pause_file)
        start = time.time()
        ids, weights = rows.batch(rng, args.rows, args.length, mix)
        loss = loss_of(version, p, ids, weights)
        loss.backward()
        norm = optim.step(learning_rate(step, args.steps))
        step += 1
        seconds += time.time() - start
        mean = loss.item() if mean is None else 0.98 * mean + 0.02 * loss.item()
        if step % 50 == 0:
            print(f"step {step} loss {mean:.4f} gradient {norm:.2f} minutes {seconds / 60:.1f} "
                  f"tokens/s {ids[:, 1:].numel() / (time.time() - start):.0f}", flush=True)
        if step % 500 == 0 or step == args.steps or stopping:
            save(args.checkpoint, p, optim, step, seconds)
        if step % 500 == 0 or step == args.steps:
            print(step, json.dumps(evaluate.accuracies(version, p, [t for t in mix if t != "story"], 64)), flush=True)


if __name__ == "__main__":
    main()
