"""Runs rwkvc on a file and says whether it behaved: a hostile file costs one sentence, never a signal."""
import json
import os
import resource
import struct
import subprocess
import sys

MEMORY_LIMIT = 2 << 30  # bytes of address space
TIME_LIMIT = 30  # seconds


def limit_memory():
    if "ASAN_OPTIONS" in os.environ:  # a sanitizer reserves terabytes
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))


def run(rwkvc, *arguments):
    result = subprocess.run(
        [rwkvc, *arguments], capture_output=True, timeout=TIME_LIMIT, preexec_fn=limit_memory, errors="replace", text=True
    )
    return result.returncode, result.stdout, result.stderr


def inspect(rwkvc, path):
    code, out, err = run(rwkvc, "inspect", "--json", path)
    if code != 0:
        sys.exit("inspect failed: " + err)
    return json.loads(out)


def values(rwkvc, path, name):
    """The rows of one tensor, one after the other."""
    code, out, err = run(rwkvc, "inspect", path, "--tensor", name)
    if code != 0:
        sys.exit("inspect failed: " + err)
    # The text has the nine digits that tell f32 values apart, not all of a double's.
    return [struct.unpack("<f", struct.pack("<f", float(word)))[0] for word in out.split()]


def refusal_problem(code, out, err):
    """None if the tool refused as it should, else what is wrong."""
    if code != 1:
        return "exit code %d: %s" % (code, err)
    if out:
        return "printed to standard output: " + out
    if err.count("\n") != 1 or not err.endswith("\n"):
        return "not one line: " + repr(err)
    if not err.startswith("rwkvc: error: ") or not err[:-1].isprintable():
        return "not an error of ours: " + repr(err)
    return None


class Refusals:
    """Collects cases; finish() ends the script with what went wrong."""

    def __init__(self, rwkvc, folder):
        self.rwkvc, self.folder, self.count, self.problems = rwkvc, folder, 0, []
        os.makedirs(folder, exist_ok=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def case(self, name, content, expected):
        """`content` is refused by a sentence that contains `expected`."""
        with open(self.path(name), "wb") as file:
            file.write(content)
        self.existing(name, expected)

    def existing(self, name, expected):
        code, out, err = run(self.rwkvc, "inspect", self.path(name))
        problem = refusal_problem(code, out, err)
        if not problem and expected not in err:
            problem = "expected %r in %r" % (expected, err)
        if problem:
            self.problems.append("%s: %s" % (name, problem))
        self.count += 1

    def finish(self):
        for problem in self.problems:
            print(problem)
        print("%d cases, %d problems" % (self.count, len(self.problems)))
        sys.exit(bool(self.problems))
