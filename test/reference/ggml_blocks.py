# ggml's quantised types, both ways, on whole arrays of blocks: rows of bytes to rows of float64, and back. The values
# that a block stands for are computed in float64 without rounding.
import numpy as np

ELEMENTS = {**dict.fromkeys(("Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0"), 32),
            **dict.fromkeys(("Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K"), 256)}
BYTES = {"Q4_0": 18, "Q4_1": 20, "Q5_0": 22, "Q5_1": 24, "Q8_0": 34,
         "Q2_K": 84, "Q3_K": 110, "Q4_K": 144, "Q5_K": 176, "Q6_K": 210}


# Reading. Blocks are [n, bytes], and parts of them are cut out as columns.


def half(blocks, at):
    return blocks[:, at:at + 2].copy().view("<f2").astype(np.float64)  # [n, 1]


def fields(part, width, runs):
    """Fields of `width` bits. A run of bytes is cut into 8 / width runs of fields: first the lowest bits of all its
    bytes, then those above. [n, runs * bytes of a run] -> [n, elements]"""
    part = part.reshape(len(part), runs, 1, -1)
    shifts = np.arange(0, 8, width, dtype=np.uint8).reshape(1, 1, -1, 1)
    return (part >> shifts & (1 << width) - 1).reshape(len(part), -1).astype(np.int64)


def six_bit_pairs(packed):
    """Q4_K's and Q5_K's twelve bytes: eight scales and eight offsets."""
    first, second, third = (packed[:, i:i + 4].astype(np.int64) for i in (0, 4, 8))
    scales = np.concatenate([first & 63, third & 15 | first >> 6 << 4], axis=1)
    offsets = np.concatenate([second & 63, third >> 4 | second >> 6 << 4], axis=1)
    return scales, offsets


def read_32(blocks, kind):
    if kind == "Q8_0":
        return blocks[:, 2:].copy().view(np.int8) * half(blocks, 0)
    has_least, has_high = kind.endswith("_1"), kind.startswith("Q5")
    at = 4 if has_least else 2
    levels = fields(blocks[:, -16:], 4, 1)
    if has_high:
        levels = levels + 16 * np.unpackbits(blocks[:, at:at + 4], axis=1, bitorder="little")
    if has_least:
        return levels * half(blocks, 0) + half(blocks, 2)
    return (levels - (16 if has_high else 8)) * half(blocks, 0)


def read_256(blocks, kind):
    def spread(groups):
        return np.repeat(groups, 256 // groups.shape[1], axis=1)

    if kind == "Q2_K":
        levels, packed = fields(blocks[:, 16:80], 2, 2), blocks[:, :16].astype(np.int64)
        return levels * spread((packed & 15) * half(blocks, 80)) - spread((packed >> 4) * half(blocks, 82))
    if kind == "Q3_K":
        levels = fields(blocks[:, 32:96], 2, 2) + 4 * fields(blocks[:, :32], 1, 1) - 4
        scales = fields(blocks[:, 96:104], 4, 1) + 16 * fields(blocks[:, 104:108], 2, 1) - 32
        return levels * spread(scales * half(blocks, 108))
    if kind == "Q6_K":
        levels = fields(blocks[:, :128], 4, 2) + 16 * fields(blocks[:, 128:192], 2, 2) - 32
        return levels * spread(blocks[:, 192:208].copy().view(np.int8) * half(blocks, 208))
    scales, offsets = six_bit_pairs(blocks[:, 4:16])
    levels = fields(blocks[:, -128:], 4, 4)
    if kind == "Q5_K":
        levels = levels + 16 * fields(blocks[:, 16:48], 1, 1)
    return levels * spread(scales * half(blocks, 0)) - spread(offsets * half(blocks, 2))


def read(raw, kind):
    """All values of a tensor's bytes, one after the other."""
    blocks = np.frombuffer(raw, np.uint8).reshape(-1, BYTES[kind])
    return (read_32 if ELEMENTS[kind] == 32 else read_256)(blocks, kind).reshape(-1)


# Writing: to nearest, under scales that hold the extremes, as simply as a format allows.


def halves(values):
    return values.astype("<f2").view(np.uint8)


def joined(levels, width, runs):
    """The inverse of `fields`."""
    levels = levels.astype(np.uint8).reshape(len(levels), runs, 8 // width, -1)
    shifts = np.arange(0, 8, width, dtype=np.uint8).reshape(1, 1, -1, 1)
    return np.bitwise_or.reduce(levels << shifts, axis=2).reshape(len(levels), -1)


def extreme(groups):
    """Of each group the element farthest from zero, with its sign: [n, groups, elements] -> [n, groups]"""
    return np.take_along_axis(groups, np.abs(groups).argmax(axis=2)[..., None], axis=2)[..., 0]


def rounded(values, step, low, high):
    safe = np.where(step == 0, 1, step)
    return np.clip(np.rint(np.where(step == 0, 0, values / safe)), low, high).astype(np.int64)


def as_stored(values):
    return values.astype(np.float16).astype(np.float64)


def scaled_groups(x, groups, lowest, scale_lowest):
    """Levels and integer scales of groups around zero, and the block's scale: level * (integer * scale)."""
    grouped = x.reshape(len(x), groups, -1)
    ideal = extreme(grouped) / lowest
    scale = as_stored(extreme(ideal[:, None])/ scale_lowest)
    integers = rounded(ideal, scale, scale_lowest, -1 - scale_lowest)
    levels = rounded(grouped, (integers * scale)[..., None], lowest, -1 - lowest)
    return levels.reshape(len(x), -1), integers, scale


def lined_groups(x, groups, most, most_scale):
    """The same of groups from an offset below zero on: level * (integer * scale) - integer * offset."""
    grouped = x.reshape(len(x), groups, -1)
    below = np.maximum(-grouped.min(axis=2), 0)
    ideal = (grouped.max(axis=2) + below) / most
    scale, offset = (as_stored(part.max(axis=1, keepdims=True) / most_scale) for part in (ideal, below))
    scales, offsets = rounded(ideal, scale, 0, most_scale), rounded(below, offset, 0, most_scale)
    levels = rounded(grouped + (offsets * offset)[..., None], (scales * scale)[..., None], 0, most)
    return levels.reshape(len(x), -1), scales, offsets, scale, offset


def write_32(x, kind):
    if kind == "Q8_0":
        scale = as_stored(np.abs(x).max(axis=1, keepdims=True) / 127)
        return [halves(scale), rounded(x, scale, -127, 127).astype(np.int8).view(np.uint8)]
    has_least, most = kind.endswith("_1"), 31 if kind.startswith("Q5") else 15
    if has_least:
        least = as_stored(x.min(axis=1, keepdims=True))
        scale = as_stored((x.max(axis=1, keepdims=True) - least) / most)
        levels, head = rounded(x - least, scale, 0, most), [halves(scale), halves(least)]
    else:
        lowest = -(most + 1) // 2
        scale = as_stored(extreme(x[:, None]) / lowest)
        levels, head = rounded(x, scale, lowest, most + lowest) - lowest, [halves(scale)]
    if most == 31:
        head.append(np.packbits((levels >> 4).astype(np.uint8), axis=1, bitorder="little"))
    return head + [joined(levels & 15, 4, 1)]


def write_256(x, kind):
    if kind == "Q3_K":
        levels, scales, scale = scaled_groups(x, 16, -4, -32)
        levels, scales = levels + 4, scales + 32
        packed = [joined(scales & 15, 4, 1), joined(scales >> 4, 2, 1)]
        return [joined(levels >> 2, 1, 1), joined(levels & 3, 2, 2), *packed, halves(scale)]
    if kind == "Q6_K":
        levels, scales, scale = scaled_groups(x, 16, -32, -128)
        levels = levels + 32
        return [joined(levels & 15, 4, 2), joined(levels >> 4, 2, 2), scales.astype(np.int8).view(np.uint8),
                halves(scale)]
    if kind == "Q2_K":
        levels, scales, offsets, scale, offset = lined_groups(x, 16, 3, 15)
        return [(scales | offsets << 4).astype(np.uint8), joined(levels, 2, 2), halves(scale), halves(offset)]
    levels, scales, offsets, scale, offset = lined_groups(x, 8, 15 if kind == "Q4_K" else 31, 63)
    packed = [scales[:, :4] | scales[:, 4:] >> 4 << 6, offsets[:, :4] | offsets[:, 4:] >> 4 << 6,
              scales[:, 4:] & 15 | (offsets[:, 4:] & 15) << 4]
    high = [joined(levels >> 4, 1, 1)] if kind == "Q5_K" else []
    return [halves(scale), halves(offset), *(part.astype(np.uint8) for part in packed), *high,
            joined(levels & 15, 4, 4)]


def write(values, kind):
    """A tensor's bytes; its rows are whole blocks."""
    x = np.asarray(values, np.float64).reshape(-1, ELEMENTS[kind])
    parts = (write_32 if ELEMENTS[kind] == 32 else write_256)(x, kind)
    raw = np.concatenate([np.ascontiguousarray(part).reshape(len(x), -1) for part in parts], axis=1)
    assert raw.shape[1] == BYTES[kind]
    return raw.tobytes()
