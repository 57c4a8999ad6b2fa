# Reads weights back out of a compiled module, as docs/ModuleFormat.md says they lie: what the module was packed with is
# then what the reference computes with, and how far that is from the checkpoint is known.
import json
import re
import subprocess

import numpy as np

import rounded_inputs

# dialects/Quant/Q4.h
Q4_VALUES = np.array([-127, -106, -81, -64, -49, -35, -21, -9, 3, 14, 26, 38, 52, 67, 86, 110], np.float64)
Q4_0_VALUES = np.arange(-8, 8, dtype=np.float64)
GROUP = {"q8": 32, "q4": 16, "q8_0": 32, "q4_0": 32}
TENSOR = re.compile(r'weight\.tensor "([^"]+)".*#kernel\.place<weights, (\d+)>.*'
                    r'tensor<(\d+)x(\d+)x\w+, #weight\.layout<"(\w+)", panel = (\d+)(, input_major = true)?>>')
STEP = {"f32": 1, "f16": 1, "bf16": 2}  # inputs of an output that lie together in a panel


def integers(codes, form):
    """[panels, groups, bytes of codes] -> [panels, groups, panel, group]"""
    panels, groups, size = codes.shape
    if form.startswith("q8"):
        lanes = codes.reshape(panels, groups, GROUP[form] // 4, -1, 4)  # quad, output, input
        return lanes.transpose(0, 1, 3, 2, 4).reshape(panels, groups, -1, GROUP[form]).astype(np.float64) - 128
    lanes = codes.reshape(panels, groups, GROUP[form] // 8, -1, 4)  # two quads, output, byte
    halves = np.stack([lanes & 15, lanes >> 4], axis=4)
    values = Q4_VALUES if form == "q4" else Q4_0_VALUES
    return values[halves.transpose(0, 1, 3, 2, 4, 5).reshape(panels, groups, -1, GROUP[form])]


def joined(values, levels, size):
    """Codes [panels, groups, panel, group] and levels [panels, groups, panel]: `size` neighbouring groups get the level
    of the largest among them, and their codes are rounded under it to 8 bits, by 16-bit fractions of 1."""
    largest = np.maximum(np.abs(levels).reshape(levels.shape[0], -1, size, levels.shape[2]).max(axis=2), 1)
    largest = np.repeat(largest, size, axis=1).astype(np.float32)
    fractions = np.rint(levels.astype(np.float32) * (np.float32(32767) / largest)).astype(np.int64)
    words = values.astype(np.int64) * 256 * fractions[..., None] + 0x4000 >> 15
    return (words + 0x8080 >> 8).astype(np.float64) - 128, largest.astype(np.float64)


def floats(data, count, form):
    if form == "bf16":
        return (np.frombuffer(data, "<u2", count).astype("<u4") << 16).view("<f4").astype(np.float64)
    return np.frombuffer(data, {"f32": "<f4", "f16": "<f2"}[form], count).astype(np.float64)


def unpack(data, outputs, inputs, form, panel, joins=False):
    """float64 [outputs, inputs]; `joins` says whether groups are joined, as many rows do with 4-bit codes."""
    if panel == 0:
        return floats(data, outputs * inputs, form).reshape(outputs, inputs)
    if form in STEP:
        panels, steps = -(-outputs // panel), -(-inputs // STEP[form])
        values = floats(data, panels * steps * panel * STEP[form], form).reshape(panels, steps, panel, STEP[form])
        return values.transpose(0, 2, 1, 3).reshape(panels * panel, steps * STEP[form])[:outputs, :inputs]
    group = GROUP[form]
    panels, groups = -(-outputs // panel), -(-inputs // group)
    has_halves = form.endswith("_0")  # a scale of each group instead of levels and a head
    head, begin = (0, 2 * panel) if has_halves else (4 * panel, panel)
    step = begin + panel * group * int(form[1]) // 8
    rows = np.frombuffer(data, np.uint8, panels * (head + groups * step)).reshape(panels, -1)
    steps = rows[:, head:].reshape(panels, groups, step)
    values = integers(steps[:, :, begin:].copy(), form)
    if has_halves:
        scales = steps[:, :, :begin].copy().view("<f2").astype(np.float64)  # [panels, groups, panel]
    else:
        outputs_scales = rows[:, :head].copy().view("<f4").astype(np.float64)  # [panels, panel]
        levels = steps[:, :, :begin].copy().view(np.int8).astype(np.float64)
        if joins:
            values, levels = joined(values, levels, 64 // group)
        scales = levels * outputs_scales[:, None]
    values = values * scales[..., None]
    return values.transpose(0, 2, 1, 3).reshape(panels * panel, groups * group)[:outputs, :inputs]


def unpack_input_major(data, outputs, inputs, form):
    """float64 [outputs, inputs] of a weight that is stored input by input."""
    width = -(-outputs // 128) * 128
    if form in STEP:
        values = floats(data, inputs * width, form).reshape(inputs, -1, 16, STEP[form])  # bf16 pairs what is 16 apart
        return values.transpose(0, 1, 3, 2).reshape(inputs, width).T[:outputs]
    codes, levels = width * int(form[1]) // 8, width // GROUP[form]
    piece = -(-(codes + levels) // 64) * 64
    scales = np.frombuffer(data, "<f4", width).astype(np.float64)
    pieces = np.frombuffer(data, np.uint8, inputs * piece, width * 4).reshape(inputs, piece)
    if form == "q8":
        values = pieces[:, :codes].view(np.int8).astype(np.float64)
    else:
        words = pieces[:, :codes].copy().view("<u4").reshape(inputs, -1, 1, 16)  # a half-byte for each 16 outputs
        values = Q4_VALUES[words >> np.arange(0, 32, 4, dtype=np.uint32).reshape(8, 1) & 15].reshape(inputs, width)
    levels = pieces[:, codes:codes + levels].view(np.int8).astype(np.float64)
    return (values * np.repeat(levels, GROUP[form], axis=1) * scales).T[:outputs]


class Module:
    """A compiled module's weights. `compile_command` made it, without -o; `run` can load it."""

    def __init__(self, run, module, compile_command):
        plan = subprocess.run(compile_command + ["--print-after=plan"], capture_output=True, text=True, check=True)
        self.tensors = sorted(set(TENSOR.findall(plan.stdout)))  # each program names its weights
        facts = subprocess.run(run + ["inspect", module, "--json"], capture_output=True, check=True).stdout
        self.facts = json.loads(facts)
        with open(module, "rb") as file:
            file.seek(self.facts["weights_offset"])
            self.weights = file.read(self.facts["weights_bytes"])

    def stored(self, arithmetic):
        """The matrices and the embedding's table, float64, as `arithmetic` multiplies with them, and their formats, by
        the checkpoint's names."""
        found, forms = {}, {}
        for name, place, n, k, form, panel, input_major in self.tensors:
            data, outputs, inputs = self.weights[int(place):], int(n), int(k)
            value = (unpack_input_major(data, outputs, inputs, form) if input_major
                     else unpack(data, outputs, inputs, form, int(panel), arithmetic.joins(form, inputs)))
            if name != "emb.weight":
                value = arithmetic.of(form, bool(input_major), value, inputs)
            # A tensor that is stored with its inputs first is packed as its transposition.
            found[name.removesuffix(".t")] = value.T if name.endswith(".t") else value
            forms[re.sub(r"\.t$|(?<=w[12])\.[wkvrg]$", "", name)] = form
        return with_joined_mixes(found), forms


def with_joined_mixes(found):
    """RWKV-6 keeps the five low-rank mixes in one tensor each way: [C, 5 * R] and [5, R, C]."""
    for name in [name.removesuffix(".w") for name in found if name.endswith(".w")]:
        mixes = [found.pop(f"{name}.{mix}").T for mix in "wkvrg"]
        rounds = mixes[0]
        found[name] = np.concatenate(mixes, axis=1) if name.endswith("w1") else np.stack(mixes)
        if isinstance(rounds, rounded_inputs.RoundsInputs):
            found[name] = rounded_inputs.RoundsInputs(found[name], rounds.rounded)
    return found
