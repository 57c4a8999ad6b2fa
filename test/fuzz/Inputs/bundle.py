"""bundle.py FOLDER: the fuzz targets with all that they need, for a long run on a Linux machine that has only bash. They bring
their libraries and the C library.
    RWKVC_SANITIZE=address cmake/build.sh fuzz-targets mlir-fuzz weights-fuzz records-fuzz models-fuzz
    python3 test/fuzz/Inputs/bundle.py /tmp/bundle && tar -cJf bundle.tar.xz -C /tmp bundle
and over there: bundle/run.sh 36000 found
"""
import argparse
import pathlib
import re
import shutil
import subprocess

import limits
import seeds

HERE = pathlib.Path(__file__).resolve().parent
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--build", default=HERE.parents[2] / "build/address", type=pathlib.Path)
parser.add_argument("--strip", default="llvm-strip-22")
parser.add_argument("folder", type=pathlib.Path)
options = parser.parse_args()

for part in ("bin", "lib", "images", "dictionaries"):
    (options.folder / part).mkdir(parents=True)
libraries = set()
for target in sorted(seeds.SEEDS):
    program, copy = options.build / "bin" / (target + "-fuzz"), options.folder / "bin" / (target + "-fuzz")
    subprocess.run([options.strip, "--strip-debug", program, "-o", copy], check=True)
    needed = subprocess.run(["ldd", program], check=True, capture_output=True, text=True).stdout
    libraries.update(re.findall(r"(/\S+) \(0x", needed))
    # One folder, which libFuzzer does not write to: what is made here, and what was found before.
    start, cases = options.folder / "seeds" / target, HERE.parent / "cases" / target
    start.mkdir(parents=True)
    seeds.write(target, start)
    for case in cases.iterdir() if cases.is_dir() else ():
        shutil.copy(case, start / ("case-" + case.name))
for library in libraries:
    shutil.copy(library, options.folder / "lib")
for dictionary in HERE.glob("*.dict"):
    shutil.copy(dictionary, options.folder / "dictionaries")
for image in (options.build / "test/runtime/images").glob("*.so"):
    shutil.copy(image, options.folder / "images")
(options.folder / "limits").write_text("\n".join(limits.LIMITS) + "\n")
(options.folder / "sanitizer").write_text(limits.SANITIZER + "\n")
shutil.copy(HERE / "run.sh", options.folder)
