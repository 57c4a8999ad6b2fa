"""decode.py and its siblings over a tiny model, a script as llama-bench and a fake rwkv.cpp."""
import json
import os
import re
import statistics
import subprocess
import sys

benchmarks, tools, folder = sys.argv[1:4]
sys.path.insert(0, benchmarks)
from checkpoint_bytes import bytes_per_token  # noqa: E402

os.chdir(folder)
rwkvc = os.path.join(tools, "rwkvc")
TINY = ["--version", "7", "--size", "0.1b", "--layers", "2", "--channels", "128", "--vocabulary", "300"]


def synth(name, *options):
    subprocess.run([rwkvc, "synth", *TINY, "-o", name, *options], check=True, stdout=subprocess.DEVNULL)
    return os.path.abspath(name)


plain = synth("m.safetensors")
seen = json.loads(subprocess.run([rwkvc, "inspect", "--json", plain], capture_output=True, check=True).stdout)
read = seen["parameters"] - 299 * 128  # all but the embedding of the other tokens
for name in ("f32.gguf", "f32.bin"):
    assert bytes_per_token(synth(name, "--type", "f32")) == 4 * read, name
small = bytes_per_token(synth("q8.bin", "--type", "q8_0")) / bytes_per_token(synth("f16.bin"))
assert 0.5 < small < 0.8, small  # the head, a quarter of this model's matrices, stays wide

subprocess.run([rwkvc, "compile", plain, "-o", "m.so"], check=True)
gguf, binary = synth("f16.gguf"), os.path.abspath("f16.bin")


def script(name, text):
    with open(name, "w") as file:
        file.write("#!/bin/sh\n" + text + "\n")
    os.chmod(name, 0o755)
    return os.path.abspath(name)


# Answers only where it is asked for what it stands for.
bench = script("llama-bench", """case "$*" in
  "-m %s -p 0 -n 4 -t 1 -r 1 -o json"|"-m %s -p 16 -n 0 -t 1 -r 1 -o json") echo '[{"avg_ts": 50.0}]';;
  *) echo "asked for $*" >&2; exit 3;;
esac""" % (gguf, gguf))
batched = script("llama-batched-bench", """echo loading; echo '{"pl": 3, "speed_tg": 25.0}'""")


def run(what, *options):
    command = [sys.executable, os.path.join(benchmarks, what + ".py"), "m.so", "--threads", "1", "--rounds", "3",
               "--rwkvc", os.path.join(tools, "rwkvc-run"), "--json", what + ".json", *options]
    return subprocess.run(command, capture_output=True, text=True)


def measured(what, *options):
    result = run(what, *options)
    assert result.returncode == 0, result.stderr
    with open(what + ".json") as file:
        return result.stdout, json.load(file)


peers = ["--gguf", gguf, "--llama-bench", bench, "--bin", binary, "--rwkv-cpp", os.path.abspath("librwkv.so")]
for what, count in (("decode", "4"), ("prefill", "16")):
    text, data = measured(what, "--count", count, *peers)
    print(text)
    ours, llama, rwkv = data["summaries"]
    assert [line["program"] for line in data["summaries"]] == ["rwkvc", "llama.cpp", "rwkv.cpp"]
    speeds = [seen["tokens_per_s"]["rwkvc"] for seen in data["rounds"]]
    assert len(speeds) == 3 and ours["tokens_per_s"] == statistics.median(speeds) and ours["rwkvc_ratio"] == 1
    assert llama["tokens_per_s"] == 50 and abs(llama["rwkvc_ratio"] - ours["tokens_per_s"] / 50) < 1e-9
    assert 20 < rwkv["tokens_per_s"] < 1000, rwkv  # at least a millisecond a token
    assert re.search(r"\n +1 llama.cpp +50 .* [\d.]+x  f16.gguf\n", text) and "memory probe, 1 threads: " in text
    if what == "decode":
        assert abs(llama["read_gb_per_s"] - 50 * llama["bytes_per_token"] / 1e9) < 1e-9

text, data = measured("sequences", "--count", "3", "--gguf", gguf, "--llama-batched-bench", batched)
assert [line["program"] for line in data["summaries"]] == ["rwkvc", "llama.cpp"]
assert data["summaries"][1]["tokens_per_s"] == 25

for options, sentence in (
        (["--count", "5", "--gguf", gguf, "--llama-bench", bench], "failed with 3: asked for -m"),
        (["--gguf", gguf], "--gguf and --llama-bench go together"),
        (["--rounds", "0"], "at least 1"),
        (["--rwkvc", "./none"], "No such file or directory: './none'")):
    result = run("decode", *options)
    assert result.returncode != 0 and sentence in result.stderr and "Traceback" not in result.stderr, result
print("benchmarks add up")
