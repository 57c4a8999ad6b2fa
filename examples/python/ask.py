#!/usr/bin/env python3
# Text in, text out in Python: PYTHONPATH=PREFIX/lib/python3/dist-packages ask.py MODEL.so QUESTION...
# One conversation: each question follows the answer before it, because the state remembers.
import sys

import rwkvc


def main(path, *questions):
    greedy = rwkvc.Sampling(temperature=0)
    with rwkvc.Model(path) as model, rwkvc.Session(model) as session, rwkvc.State(model) as conversation:
        for question in questions:
            for piece in session.stream(f"User: {question}\n\nAssistant:", state=conversation, sampling=greedy,
                                        max_tokens=100, stops=["\n\n"]):
                print(piece, end="", flush=True)
            print()


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit("usage: ask.py MODEL.so QUESTION...")
    try:
        main(*sys.argv[1:])
    except rwkvc.Error as error:
        sys.exit(f"ask: {error}")
