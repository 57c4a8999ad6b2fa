# Compiles a checkpoint, runs it in every way that must not matter (threads, rows a step, stopped and continued from a
# saved state), and compares logits at every position and the final state with the reference or with given files.
import argparse
import os
import re
import shlex
import subprocess
import sys

import numpy as np

import canonical
import frame
import packed_weights
import writers
from arithmetic import Arithmetic

STATE_HEADER_BYTES = 88  # runtime/README.md, "A saved state"
MATRIX = re.compile(r"att\.([wavg][12]|time_maa_w[12]|time_decay_w[12])$"
                    r"|(receptance|key|value|output|gate|head)\.weight$")


# Mean square error over mean square, for normally distributed weights: 2.6e-5 and 3.9e-3. Q8_0 leaves 2.9e-5 and
# Q4_0 7.4e-3. A table that was normed in f32 is not exact.
LARGEST_ERROR = {"q8": 3.5e-5, "q4": 5e-3, "q8_0": 3.5e-5, "q4_0": 8.5e-3, "bf16": 5e-6, "f16": 1e-7, "f32": 1e-12}

# Calibration lets each weight err more, so that products err less; more than a format of one bit less would be a mistake.
CALIBRATED = 4

# Of logits up to 6 and of states: what a rounded input that goes the other way is worth, through all that follows.
ROUNDED_TOLERANCE = 0.1


class Failure(Exception):
    pass


class Program:
    """The compiled model, driven through the command line as a user does."""

    def __init__(self, arguments):
        os.makedirs(arguments.work, exist_ok=True)
        self.rwkvc, self.work, self.weights = arguments.rwkvc, arguments.work, arguments.weights or ""
        self.run = shlex.split(arguments.runner) if arguments.runner else [self.rwkvc]
        self.form = self.weights.split(",")[0]
        self.module = self.path("model.so")
        self.compile = [self.rwkvc, "compile", arguments.checkpoint]
        self.compile += [f"--{name}={value}" for name, value in (("weights", arguments.weights),
                                                                 ("group-norm-eps", arguments.group_norm_eps)) if value]
        self.compile += arguments.compile_option
        if arguments.logits and "--activations=f32" not in self.compile:  # others keep rows of f32
            self.compile.append("--activations=f32")
        self.said = self.call(self.compile + ["-o", self.module])

    def path(self, name):
        return os.path.join(self.work, name)

    @staticmethod
    def call(command):
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode:
            raise Failure(f"{' '.join(command)}\nexited with {done.returncode}: {done.stderr}")
        return done.stderr

    def logits(self, tokens, threads=1, chunk=None, load=None, save=None, last=False):
        with open(self.path("tokens.txt"), "w") as file:
            file.write(" ".join(map(str, tokens)) + "\n")
        command = self.run + ["logits", self.module, "--tokens-file", self.path("tokens.txt"),
                              "-o", self.path("out.npy"), "--threads", str(threads)]
        command += [] if last else ["--all-positions"]
        command += ["--chunk", str(chunk)] if chunk else []
        command += ["--load-state", self.path(load)] if load else []
        command += ["--save-state", self.path(save)] if save else []
        self.call(command)
        return np.load(self.path("out.npy"))

    def state(self, name):
        return np.fromfile(self.path(name), "<f4", offset=STATE_HEADER_BYTES)


def flat_state(layers):
    return np.concatenate([layer[slot].reshape(-1) for layer in layers
                           for slot in ("att.shift", "wkv", "aa", "bb", "pp", "ffn.shift") if slot in layer])


def checked(program, weights, packed, forms, keeps_all):
    """Demands that `packed` is what the format may make of `weights`; with `keeps_all`, only the table may be off at all."""
    factor = CALIBRATED if any(option.startswith("--calibration") for option in program.compile) else 1
    for name, value in packed.items():
        original = weights[name].reshape(value.shape)
        error = np.square(np.asarray(value) - original).mean() / np.square(original).mean()
        largest = 0 if keeps_all and name != "emb.weight" else factor * LARGEST_ERROR[forms[name]]
        if not error <= largest:
            raise Failure(f"{name} is off by {error:.1e} of its mean square in {forms[name]}")
    unused = ("blocks.0.att.v1", "blocks.0.att.v2")  # RWKV-7's first layer has no earlier value to mix in
    missing = [name for name in weights if MATRIX.search(name) and name not in packed and name not in unused]
    wrong = [name for name in packed if MATRIX.search(name) and forms[name] != program.form]
    if missing or program.form and wrong and program.form == program.weights:
        raise Failure(f"not stored as {program.form}: {missing + wrong}")


class Expectation:
    """Logits [T, V], or [V] after the last token, and the flat final state or None; for steps of so many rows."""

    def __init__(self, program, arguments, tokens):
        self.program, self.arguments, self.tokens = program, arguments, tokens
        self.exact = "--activations=f32" in program.compile
        self.known = {}
        if arguments.logits:
            return
        self.version, weights = canonical.load(arguments.checkpoint)
        self.module = packed_weights.Module(program.run, program.module, program.compile)
        self.weights = frame.to_float64(weights)
        # Written down with the weights that the module holds, or with what rounding makes of the checkpoint's.
        is_quantised = not program.weights and "quantised in the checkpoint" in program.said
        if arguments.keeps_all and not is_quantised:
            raise Failure("nothing was said of quantised matrices")
        self.from_module = program.form in packed_weights.GROUP or "," in program.weights or is_quantised
        if self.from_module and "blocks.0.ln0.weight" in self.weights:  # is part of the table
            norm = {name: self.weights.pop("blocks.0." + name) for name in ("ln0.weight", "ln0.bias")}
            table = [frame.layer_norm(row, norm, "ln0") for row in self.weights["emb.weight"]]
            self.weights["emb.weight"] = np.stack(table)
        if self.from_module:
            stored = self.module.stored(Arithmetic(self.module.facts, True, 1))
            checked(program, self.weights, *stored, arguments.keeps_all)

    def given(self):
        name = self.arguments.logits
        logits = np.load(name) if name.endswith(".npy") else np.fromfile(name, "<f4")
        if not self.arguments.state:
            return logits, None
        shift, wkv = np.load(self.arguments.state + ".shift.npy"), np.load(self.arguments.state + ".wkv.npy")
        return logits, np.concatenate([part.reshape(-1) for i in range(len(shift))
                                       for part in (shift[i, 0], wkv[i], shift[i, 1])])

    def rounded(self, name, value, packed):
        """A matrix of the checkpoint, rounded to the module's format and multiplied as the module does."""
        if MATRIX.search(name) and self.arguments.weights:
            value = writers.round_to(value, self.arguments.weights.upper()).astype(np.float64)
        if name not in packed or name == "emb.weight" or not hasattr(packed[name], "rounded"):
            return value
        value = writers.round_to(value, "BF16").astype(np.float64)
        return type(packed[name])(value, packed[name].rounded)

    def weights_for(self, arithmetic):
        if arithmetic.kind not in self.known:
            packed, _ = self.module.stored(arithmetic)
            if self.from_module:
                weights = {**self.weights, **packed}
            else:
                weights = {name: self.rounded(name, value, packed) for name, value in self.weights.items()}
            self.known[arithmetic.kind] = weights, any(hasattr(value, "rounded") for value in weights.values())
        return self.known[arithmetic.kind]

    def at(self, chunk):
        """Logits, the final state, and whether any rows were rounded, with steps of `chunk` rows and what is left."""
        if self.arguments.logits:
            return *self.given(), False
        logits, state, rounds = [], None, False
        for begin in range(0, len(self.tokens), chunk):
            tokens = self.tokens[begin:begin + chunk]
            weights, round_here = self.weights_for(Arithmetic(self.module.facts, self.exact, len(tokens)))
            step, state = frame.forward(self.version, weights, tokens, float(self.arguments.group_norm_eps or 64e-5),
                                        state)
            logits.append(step)
            rounds |= round_here
        return np.concatenate(logits), flat_state(state), rounds


def same(what, first, second):
    if first.tobytes() != second.tobytes():
        raise Failure(f"{what} changes the logits, by at most {np.abs(first - second).max():.2e}")


def close(what, actual, expected, tolerance):
    if actual.shape != expected.shape:
        raise Failure(f"{what}: the shape is {actual.shape}, not {expected.shape}")
    error = np.abs(actual - expected).max()
    if not error <= tolerance:  # also when it is not a number
        rows = np.flatnonzero(~(np.abs(actual - expected).reshape(len(actual), -1).max(axis=1) <= tolerance))
        raise Failure(f"{what}: off by {error:.2e}, more than {tolerance:.0e}, at {rows[:10]}")
    return error


def often_close(what, actual, expected, tolerance):
    """Where a rounded input lies halfway the last bit of an f32 decides, and the state remembers. Before that, rows are
    the same, so that positions have to agree as closely as without rounding."""
    error = np.quantile(np.abs(actual - expected).max(axis=-1), 0.1)
    if not error <= tolerance:
        raise Failure(f"{what}: nine in ten positions are off by {error:.2e} or more, which is beyond {tolerance:.0e}")


def check(program, arguments, tokens):
    expectation = Expectation(program, arguments, tokens)
    T, worst, worst_state = len(tokens), 0, 0
    for chunk in (1, 7, T):
        expected, state, rounds = expectation.at(chunk)
        tolerance, state_tolerance = arguments.tolerance, arguments.state_tolerance
        if rounds:
            tolerance, state_tolerance = max(tolerance, ROUNDED_TOLERANCE), max(state_tolerance, ROUNDED_TOLERANCE)
        runs = [program.logits(tokens, threads, chunk, save="end.state") for threads in arguments.threads]
        for threads, run in zip(arguments.threads[1:], runs[1:]):
            same(f"--threads {threads} with --chunk {chunk}", run, runs[0])
        actual = runs[0] if expected.ndim == 2 else runs[0][-1]
        worst = max(worst, close(f"logits with --chunk {chunk}", actual, expected, tolerance))
        if rounds:
            often_close(f"logits with --chunk {chunk}", actual, expected, 1e-4)
        if state is not None:
            worst_state = max(worst_state, close(f"the final state with --chunk {chunk}", program.state("end.state"),
                                                 state, state_tolerance))
        # One wanted row may sum in another order than many.
        close("the last position alone", program.logits(tokens, chunk=chunk, last=True),
              expected[-1] if expected.ndim == 2 else expected, tolerance)
        if T > 1:
            # Stopped between two chunks, a run makes the very same steps.
            middle = chunk * max(1, T // 2 // chunk) if chunk < T else T // 2
            chunk = min(chunk, middle)
            whole = program.logits(tokens, chunk=chunk, save="end.state")
            whole_state = program.state("end.state")
            halves = [program.logits(tokens[:middle], chunk=chunk, save="middle.state"),
                      program.logits(tokens[middle:], chunk=chunk, load="middle.state", save="end.state")]
            same(f"saving and loading the state after {middle} tokens with --chunk {chunk}",
                 np.concatenate(halves), whole)
            same("saving and loading", program.state("end.state"), whole_state)
    return worst, worst_state, np.abs(expected).max()


def read_tokens(arguments):
    if arguments.tokens_file:
        with open(arguments.tokens_file) as file:
            return [int(word) for word in file.read().split()]
    if arguments.tokens:
        return [int(word) for word in arguments.tokens.split(",")]
    vocabulary = len(canonical.load(arguments.checkpoint)[1]["emb.weight"])
    return np.random.default_rng(arguments.seed).integers(0, vocabulary, arguments.length).tolist()


def main():
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("checkpoint")
    parser.add_argument("--rwkvc", required=True)
    parser.add_argument("--work", required=True, help="a folder for the module and what it writes")
    parser.add_argument("--tokens")
    parser.add_argument("--tokens-file")
    parser.add_argument("--length", type=int, default=40, help="of random tokens, when none are given")
    parser.add_argument("--seed", type=int, default=7, help="of random tokens")
    parser.add_argument("--logits", help="expected: .npy, or raw float32 after the last token; else the reference's")
    parser.add_argument("--state", help="expected: the part before .shift.npy and .wkv.npy")
    parser.add_argument("--tolerance", type=float, default=1e-4)
    parser.add_argument("--state-tolerance", type=float, default=2e-4)
    parser.add_argument("--weights")
    parser.add_argument("--group-norm-eps")
    parser.add_argument("--keeps-all", action="store_true",
                        help="the checkpoint is quantised, and the module has its matrices with every bit")
    parser.add_argument("--compile-option", action="append", default=[])
    parser.add_argument("--runner", help="what runs the module, if the compiler does not: for another CPU, its emulator")
    parser.add_argument("--threads", type=lambda text: [int(n) for n in text.split(",")], default=[1, 2])
    arguments = parser.parse_args()
    tokens = read_tokens(arguments)
    try:
        error, state_error, largest = check(Program(arguments), arguments, tokens)
    except Failure as failure:
        sys.exit(f"check_logits: {arguments.checkpoint}: {failure}")
    print(f"{len(tokens)} tokens: logits off by {error:.1e} (largest {largest:.1f}), state by {state_error:.1e}")


if __name__ == "__main__":
    main()
