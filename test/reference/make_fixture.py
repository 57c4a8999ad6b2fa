# Writes a small random checkpoint: any version, size, dtype and container (from the ending of the path), the same
# bytes for the same arguments. Every tensor and epsilon in it matters: see random_weights.py and strength.test.
import argparse

import converters
import ggml_blocks
import writers
from random_weights import random_weights

DEFAULT_RANKS = {"6": [24, 40], "7": [24, 40, 16, 56]}  # v6: mix, decay; v7: w, a, v, g


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("output", help="ends in .safetensors, .pth, .bin or .gguf; a folder of shards ends in .shards")
    parser.add_argument("--version", required=True, choices=["4", "5.0", "5.1", "5.2", "6", "7"])
    parser.add_argument("--channels", type=int, default=64)
    parser.add_argument("--head-size", type=int, default=32)
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--vocabulary", type=int, default=50)
    parser.add_argument("--ffn-width", type=int, default=0, help="4 * channels when absent")
    parser.add_argument("--ranks", type=lambda text: [int(rank) for rank in text.split(",")])
    parser.add_argument("--dtype", default="f32", help="of the matrices",
                        choices=["f32", "f16", "bf16", *map(str.lower, ggml_blocks.ELEMENTS)])
    parser.add_argument("--wide-vectors", action="store_true", help="vectors and norms stay f32")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--log-bonus", action="store_true", help="5.0, 5.1: time_first instead of time_faaaa")
    parser.add_argument("--first-layer-v", action="store_true", help="7: layer 0 has (ignored) v0 v1 v2")
    parser.add_argument("--views", action="store_true", help=".pth: transposed views into shared storages")
    parser.add_argument("--rescale-every", type=int, default=0, help=".gguf of 6: as llama.cpp's converter")
    parser.add_argument("--old", action="store_true", help=".pth: as PyTorch before 1.6 wrote it")
    parser.add_argument("--names", choices=["hf", "fla", "fla-joined"], help="instead of BlinkDL's")
    dims = parser.parse_args()
    dims.ffn_width = dims.ffn_width or 4 * dims.channels
    dims.ranks = dims.ranks or DEFAULT_RANKS.get(dims.version)
    return dims


def main():
    dims = arguments()
    dtype, weights = dims.dtype.upper(), random_weights(dims)
    if dims.names == "hf":
        weights = converters.to_hf(weights, dims.version)
    elif dims.names:
        weights = converters.to_fla(weights, joined=dims.names == "fla-joined")
    if dims.output.endswith(".bin"):
        tensors = converters.to_rwkv_cpp(weights, dims.version, dtype)
        writers.write_rwkv_cpp(dims.output, tensors, dims.channels, dims.vocabulary, dims.layers)
    elif dims.output.endswith(".gguf"):
        tensors = converters.to_gguf(weights, dims, dtype, dims.rescale_every)
        writers.write_gguf(dims.output, tensors, converters.gguf_metadata(weights, dims, dims.rescale_every))
    else:
        vector = "F32" if dims.wide_vectors else dtype
        tensors = {name: (value, dtype if value.ndim > 1 and value.shape[0] > 1 else vector)
                   for name, value in weights.items()}
        if dims.output.endswith(".pth"):
            writers.write_pth(dims.output, tensors, dims.views, dims.old)
        elif dims.output.endswith(".shards"):
            writers.write_shards(dims.output, tensors, 3)
        else:
            writers.write_safetensors(dims.output, tensors)


if __name__ == "__main__":
    main()
