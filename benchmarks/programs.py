# The programs that take turns. Each runs a fresh process for every measurement and answers in tokens per second; what
# a measurement is (decode, prefill, sequences) means the same in all of them.
import json
import os
import subprocess
import sys

from checkpoint_bytes import bytes_per_token

HERE = os.path.dirname(os.path.abspath(__file__))


class Failure(Exception):
    pass


def output_of(command):
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if result.returncode != 0:
        last = (result.stderr.strip().splitlines() or ["it says nothing"])[-1]
        raise Failure(f"{' '.join(command)} failed with {result.returncode}: {last}")
    return result.stdout


class Rwkvc:
    """Beside its speed it measures the memory's, which is why it starts every round."""

    def __init__(self, tool, module):
        self.name, self.tool, self.module = "rwkvc", tool, module
        facts = json.loads(output_of([tool, "inspect", "--json", module]))
        self.bytes = facts["decode_bytes"]
        self.format = os.path.basename(module)

    def measure(self, what, count, threads):
        # Decode is always measured too: the probe of the memory belongs to it.
        options = ["--decode", str(count if what == "decode" else 8)]
        if what != "decode":
            options += ["--" + what, str(count)]
        seen = json.loads(output_of([self.tool, "bench", self.module, *options, "--threads", str(threads), "--repeat",
                                     "1", "--json"]))
        return {"tokens_per_s": seen[what + "_tokens_per_s"]["median"],
                "probe_gb_per_s": seen["probe_gb_per_s"]["median"]}


class LlamaCpp:
    def __init__(self, bench, batched_bench, model):
        self.name, self.bench, self.batched_bench, self.model = "llama.cpp", bench, batched_bench, model
        self.bytes, self.format = bytes_per_token(model), os.path.basename(model)

    def measure(self, what, count, threads):
        if what == "sequences":
            if not self.batched_bench:
                raise Failure("sequences need --llama-batched-bench")
            text = output_of([self.batched_bench, "-m", self.model, "-npp", "16", "-ntg", "32", "-npl", str(count),
                              "-c", str(64 * count), "-t", str(threads), "--output-format", "jsonl"])
            lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
            return {"tokens_per_s": lines[-1]["speed_tg"]}
        prompt, generated = (0, count) if what == "decode" else (count, 0)
        text = output_of([self.bench, "-m", self.model, "-p", str(prompt), "-n", str(generated), "-t", str(threads),
                          "-r", "1", "-o", "json"])
        return {"tokens_per_s": json.loads(text)[0]["avg_ts"]}


class RwkvCpp:
    def __init__(self, library, model):
        self.name, self.library, self.model = "rwkv.cpp", library, model
        self.bytes, self.format = bytes_per_token(model), os.path.basename(model)

    def measure(self, what, count, threads):
        if what == "sequences":
            return None  # it runs one sequence at a time
        return json.loads(output_of([sys.executable, os.path.join(HERE, "rwkv_cpp.py"), self.library, self.model, what,
                                     str(count), str(threads)]))
