# Random weights in official names and shapes, scaled so that every tensor and every epsilon moves the logits by
# more than 1e-2 (strength.test holds that), and the logits stay near 6.
import numpy as np


class Sampler:
    def __init__(self, seed):
        self.random, self.weights = np.random.default_rng(seed), {}

    def normal(self, name, *shape, mean=0.0, deviation=1.0):
        self.weights[name] = mean + deviation * self.random.standard_normal(shape)

    def uniform(self, name, *shape, low=0.0, high=1.0):
        self.weights[name] = self.random.uniform(low, high, shape)

    def matrix(self, name, rows, columns, gain=1.0):
        """Keeps the size of a vector of unit variance, times `gain`."""
        self.normal(name, rows, columns, deviation=gain / np.sqrt(columns))

    def norm(self, name, C):
        self.normal(name + ".weight", C, mean=1, deviation=0.25)
        self.normal(name + ".bias", C, deviation=0.2)

    def low_rank(self, first, second, C, rank, gain):
        self.normal(first, C, rank, deviation=1 / np.sqrt(C))
        self.normal(second, rank, C, deviation=gain / np.sqrt(rank))


def attention_matrices(sample, att, C, gate):
    # Small r, k and v leave GroupNorm a variance at which its epsilon counts.
    for name, gain in (("receptance", 0.4), ("key", 0.4), ("value", 0.4), ("output", 0.5)):
        sample.matrix(f"{att}{name}.weight", C, C, gain)
    if gate:
        sample.matrix(att + "gate.weight", C, C)


def time_mix_4(sample, att, dims, layer):
    C = dims.channels
    for name in "kvr":
        sample.uniform(f"{att}time_mix_{name}", 1, 1, C)
    sample.uniform(att + "time_decay", C, low=-4, high=1)
    sample.normal(att + "time_first", C)
    # A state that starts at pp = 0 instead of -1e30 divides zero by zero here.
    sample.weights[att + "time_first"][:2] = -1000, -120
    for name, gain in (("receptance", 1), ("key", 1), ("value", 1), ("output", 1)):
        sample.matrix(f"{att}{name}.weight", C, C, gain)


def time_mix_5(sample, att, dims, layer):
    C, H, N = dims.channels, dims.channels // dims.head_size, dims.head_size
    per_head = (H, N) if dims.version == "5.2" else (H,)
    for name in "kvr" if dims.version == "5.0" else "kvrg":
        sample.uniform(f"{att}time_mix_{name}", 1, 1, C)
    sample.uniform(att + "time_decay", *per_head, low=-4, high=1)
    # Both spellings of the bonus exist for 5.0 and 5.1: the name says whether it is u or its logarithm.
    sample.normal(att + ("time_first" if dims.log_bonus else "time_faaaa"), *per_head, mean=0.3, deviation=0.5)
    sample.norm(att + "ln_x", C)
    attention_matrices(sample, att, C, gate=dims.version != "5.0")


def time_mix_6(sample, att, dims, layer):
    C, H, N = dims.channels, dims.channels // dims.head_size, dims.head_size
    mix_rank, decay_rank = dims.ranks
    for name in "xwkvrg":
        sample.uniform(f"{att}time_maa_{name}", 1, 1, C)
    sample.normal(att + "time_maa_w1", C, 5 * mix_rank, deviation=1 / np.sqrt(C))
    sample.normal(att + "time_maa_w2", 5, mix_rank, C, deviation=0.6 / np.sqrt(mix_rank))
    sample.uniform(att + "time_decay", 1, 1, C, low=-4, high=1)
    sample.low_rank(att + "time_decay_w1", att + "time_decay_w2", C, decay_rank, 1.0)
    sample.normal(att + "time_faaaa", H, N, mean=0.3, deviation=0.5)
    sample.norm(att + "ln_x", C)
    attention_matrices(sample, att, C, gate=True)


def time_mix_7(sample, att, dims, layer):
    C, H, N = dims.channels, dims.channels // dims.head_size, dims.head_size
    for name in "rwkvag":
        sample.uniform(f"{att}x_{name}", 1, 1, C)
    gains = {"w": 1.5, "a": 1.0, "v": 1.0, "g": 1.5}
    for (name, gain), rank in zip(gains.items(), dims.ranks):
        if name != "v" or layer > 0 or dims.first_layer_v:
            sample.low_rank(f"{att}{name}1", f"{att}{name}2", C, rank, gain)
            if name != "g":
                sample.normal(f"{att}{name}0", 1, 1, C, mean=-2 if name == "w" else 0)
    sample.normal(att + "k_k", 1, 1, C, mean=0.9, deviation=0.4)
    sample.normal(att + "k_a", 1, 1, C, mean=1, deviation=0.4)
    sample.normal(att + "r_k", H, N, deviation=0.8)
    sample.norm(att + "ln_x", C)
    attention_matrices(sample, att, C, gate=False)


def channel_mix(sample, ffn, dims):
    C, F = dims.channels, dims.ffn_width
    mixes = {"4": ("time_mix_k", "time_mix_r"), "5": ("time_mix_k", "time_mix_r"),
             "6": ("time_maa_k", "time_maa_r"), "7": ("x_k",)}[dims.version[0]]
    for name in mixes:
        sample.uniform(ffn + name, 1, 1, C)
    sample.matrix(ffn + "key.weight", F, C)
    sample.matrix(ffn + "value.weight", C, F, 0.5)
    if dims.version != "7":
        sample.matrix(ffn + "receptance.weight", C, C)


def random_weights(dims):
    """`dims` has version ("4", "5.0" to "5.2", "6", "7"), channels, head_size, layers, vocabulary, ffn_width, ranks,
    seed, log_bonus (5.0 and 5.1) and first_layer_v (7)."""
    sample = Sampler(dims.seed)
    time_mix = {"4": time_mix_4, "5": time_mix_5, "6": time_mix_6, "7": time_mix_7}[dims.version[0]]
    # So small that ln0's epsilon of 1e-5 is seen.
    sample.normal("emb.weight", dims.vocabulary, dims.channels, deviation=0.03)
    for layer in range(dims.layers):
        block = f"blocks.{layer}."
        for norm in ("ln1", "ln2", "ln0")[:3 if layer == 0 else 2]:
            sample.norm(block + norm, dims.channels)
        time_mix(sample, block + "att.", dims, layer)
        channel_mix(sample, block + "ffn.", dims)
    sample.norm("ln_out", dims.channels)
    sample.matrix("head.weight", dims.vocabulary, dims.channels, 1.8)
    return sample.weights
