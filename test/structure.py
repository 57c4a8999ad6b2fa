# Reads the tree and refuses what the architecture forbids: an include that points upwards in the layer table of
# cmake/RwkvLayers.cmake, MLIR or LLVM in the runtime, and files that outgrew their subject.
import pathlib
import re
import statistics
import sys

# The folder decides the layer; the longest prefix wins.
LAYER_OF = {
    "runtime/abi": "abi", "runtime/host": "host", "runtime": "runtime", "dialects": "dialects", "frontends": "frontends",
    "compiler/Passes": "passes", "compiler/Backends": "backends", "compiler/Pipeline": "pipeline",
    "compiler/Tune": "tune", "compiler/tools": "tools", "test": "tools", "examples": "runtime", "benchmarks": "tools",
}
LONGEST, MEDIAN = 500, 150
SOURCES = {".cpp", ".h", ".hpp", ".c", ".td"}
MEASURED = SOURCES | {".py", ".mlir", ".test", ".cmake"}


def layer_of(path):
    folders = [folder for folder in LAYER_OF if path == folder or path.startswith(folder + "/")]
    return LAYER_OF[max(folders, key=len)] if folders else None


def layer_table(root):
    text = (root / "cmake" / "RwkvLayers.cmake").read_text()
    rows = re.findall(r"^set\(RWKV_MAY_LINK_(\w+)([^)]*)\)", text, re.MULTILINE)
    return {layer: {layer, *allowed.split()} for layer, allowed in rows}


def wrong_includes(path, text, allowed):
    layer = layer_of(path)
    for number, line in enumerate(text.splitlines(), 1):
        found = re.match(r'\s*#?\s*include\s+["<]([^">]+)[">]', line)
        if not found:
            continue
        target = found.group(1)
        to = layer_of(target)
        if to and to not in allowed[layer]:
            yield f"{path}:{number}: {layer} may not include {target} ({to}): see cmake/RwkvLayers.cmake"
        if layer in ("abi", "host", "runtime") and re.match(r"(mlir|llvm|lld|clang)(-c)?/", target):
            yield f"{path}:{number}: {layer} never sees MLIR or LLVM, but includes {target}"
        if path == "runtime/abi/rwkvc_module.h" and target != "stdint.h":
            yield f"{path}:{number}: the ABI includes only <stdint.h>, not {target}"


def main(root):
    allowed, wrong, lengths = layer_table(root), [], []
    files = [file for top in (*{folder.split("/")[0] for folder in LAYER_OF}, "cmake")
             for file in sorted((root / top).rglob("*")) if file.suffix in MEASURED]
    for file in files:
        path, text = file.relative_to(root).as_posix(), file.read_text()
        lengths.append(text.count("\n"))
        if lengths[-1] > LONGEST:
            wrong.append(f"{path}: {lengths[-1]} lines, more than {LONGEST}: split it")
        if file.suffix in SOURCES and layer_of(path):
            wrong += wrong_includes(path, text, allowed)
    if statistics.median(lengths) >= MEDIAN:
        wrong.append(f"the median file has {statistics.median(lengths):.0f} lines, not under {MEDIAN}")
    print("\n".join(wrong) or f"{len(lengths)} files, the median has {statistics.median(lengths):.0f} lines")
    return 1 if wrong else 0


sys.exit(main(pathlib.Path(sys.argv[1])))
