"""fuzz.py FOLDER TARGET...: runs each target on its seeds, its regression cases and what libFuzzer makes of them.

Ten minutes of two of them, with the inputs that were worth keeping, and what was found, in FOLDER:
    RWKVC_SANITIZE=address cmake/build.sh fuzz-targets
    python3 test/fuzz/Inputs/fuzz.py --seconds 600 /tmp/found safetensors gguf
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys

import limits
import seeds

HERE = pathlib.Path(__file__).resolve().parent

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--bin", default=str(HERE.parents[2] / "build/address/bin"))
parser.add_argument("--seconds", type=int, default=600, help="of each target; 0 only runs the seeds and the cases")
parser.add_argument("--seed", type=int, default=0, help="of the random numbers; 0 is another each time")
parser.add_argument("--also", help="a folder with more inputs for a target, in a folder of its name")
parser.add_argument("folder")
parser.add_argument("targets", nargs="*", default=sorted(seeds.SEEDS))


def words(target):
    dictionary = HERE / (target + ".dict")
    return ["-dict=%s" % dictionary] if dictionary.exists() else []


def fuzz(target, options):
    folder = pathlib.Path(options.folder) / target
    corpus, start = folder / "corpus", folder / "seeds"
    for each in (corpus, start):
        each.mkdir(parents=True, exist_ok=True)
    seeds.write(target, start)
    cases = HERE.parent / "cases" / target
    environment = dict(os.environ, ASAN_OPTIONS=limits.SANITIZER)
    command = [os.path.join(options.bin, target + "-fuzz"), *limits.LIMITS, "-artifact_prefix=%s/" % folder,
               "-seed=%d" % options.seed, *words(target)]
    # What is only run is run whole, and may be larger than what is made up: on a busy machine it takes its time.
    command += ["-max_total_time=%d" % options.seconds] if options.seconds else ["-runs=0", *limits.WHOLE]
    more = [cases] + ([pathlib.Path(options.also) / target] if options.also else [])
    folders = [corpus, start] + [each for each in more if each.is_dir()]
    log = folder / "log"
    with open(log, "wb") as out:
        code = subprocess.run([*command, *map(str, folders)], stdout=out, stderr=out, env=environment).returncode
    text = log.read_text(errors="replace")
    numbers = {name: value for name, value in re.findall(r"stat::(\w+): +(\d+)", text)}
    covered = re.findall(r"cov: (\d+)", text)[-1:] or ["0"]
    print("%-17s %9s executions, %5s edges, %4s MB%s" % (
        target, numbers.get("number_of_executed_units", "?"), covered[0], numbers.get("peak_rss_mb", "?"),
        "" if code == 0 else ": FAILED with %d, see %s" % (code, log)), flush=True)
    if code != 0:
        print("\n".join(text.splitlines()[-60:]))
    return code == 0


options = parser.parse_args()
sys.exit(not all([fuzz(target, options) for target in options.targets]))
