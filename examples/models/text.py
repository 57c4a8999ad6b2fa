#!/usr/bin/env python3
# Writes questions, answers and stories as token ids: what `rwkvc compare` and `rwkvc compile --calibration` read.
# Standard library only.
import argparse
import random

import stories
import tasks


def main():
    parser = argparse.ArgumentParser(description="Writes a text for the bundled models as the ids of its bytes.")
    parser.add_argument("--bytes", type=int, default=6000, metavar="N", help="how many [6000]")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="another text for each [1]")
    parser.add_argument("--trained", action="store_true", help="of the kind that the models were trained on, not fresh")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    text = ""
    for turn in range(options.bytes):  # more than enough
        name = (*tasks.TASKS, "story")[turn % (len(tasks.TASKS) + 1)]
        if name == "story" and options.trained:
            question, answer, _ = stories.training_example(rng)
        elif name == "story":
            question, answer = stories.fresh_stories(1, rng.random())[0]
        elif options.trained:
            question, answer = tasks.training_example(rng, name)
        else:
            question, answer = tasks.fresh_questions(name, 1, rng.random())[0]
        text += tasks.prompt(question) + f" {answer}\n\n"
        if len(text) >= options.bytes:
            break
    print(*text.encode()[:options.bytes])


if __name__ == "__main__":
    main()
