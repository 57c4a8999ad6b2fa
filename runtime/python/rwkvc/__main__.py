# python -m rwkvc MODEL.so --prompt TEXT: the least that talks. rwkvc run does more.
import argparse
import sys

import rwkvc


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m rwkvc", description="Continue a text.", allow_abbrev=False)
    parser.add_argument("model", help="compiled model (.so)")
    parser.add_argument("--prompt", required=True)
    parser.add_argument("-n", type=int, default=256, help="tokens at most")
    parser.add_argument("--temperature", type=float, default=1.0, help="0 takes the most probable token")
    parser.add_argument("--top-p", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    sampling = rwkvc.Sampling(temperature=options.temperature, top_p=options.top_p, seed=options.seed)
    with rwkvc.Model(options.model) as model, rwkvc.Session(model) as session:
        for piece in session.stream(options.prompt, sampling=sampling, max_tokens=options.n):
            print(piece, end="", flush=True)
    print()


if __name__ == "__main__":
    try:
        main()
    except rwkvc.Error as error:
        sys.exit(f"rwkvc: error: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
