# Decodes the digit-reversal model greedily, one token a call from a saved state, and compares its answers.
import subprocess
import sys

import numpy as np

ALPHABET = "0123456789,#"  # a token is an index into this


def answer(rwkvc, module, work, prompt):
    state, out, fed, text = f"{work}/reversal.state", f"{work}/reversal.npy", prompt, ""
    while not text.endswith("#") and len(text) <= 2 * len(prompt):
        command = [rwkvc, "logits", module, "--tokens", ",".join(str(ALPHABET.index(letter)) for letter in fed),
                   "--save-state", state, "-o", out] + (["--load-state", state] if text else [])
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
        fed = ALPHABET[int(np.load(out).argmax())]
        text += fed
    return text


def main(rwkvc, module, work, examples):
    with open(examples) as file:
        rows = [line.split("\t") for line in file.read().splitlines()[1:]]
    wrong = [f"{digits}: {given}, not {expected}" for digits, expected, _ in rows
             if (given := answer(rwkvc, module, work, digits + ",")) != expected]
    print("\n".join(wrong) or f"{len(rows)} answers as expected")
    return 1 if wrong or not rows else 0


sys.exit(main(*sys.argv[1:]))
