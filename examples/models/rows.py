# Training rows: chats of several turns, one after the other, cut to T tokens. A byte of an answer weighs 1. One of a
# question weighs little, because it cannot be foreseen; one of a story too, because stories have a hundred times as
# many and would drown the sums. But what follows from the story so far, such as its hero's name, weighs 1 again.
import torch

import stories
import tasks

QUESTION_WEIGHT, STORY_WEIGHT = 0.03, 0.1


def turn(rng, kinds, shares):
    """A question, its answer, and what each byte of the answer weighs."""
    kind = rng.choices(kinds, shares)[0]
    if kind == "story":
        question, text, follows = stories.training_example(rng)
        return question, text, [1.0 if known else STORY_WEIGHT for known in follows]
    question, answer = tasks.training_example(rng, kind)
    return question, answer, [1.0] * len(answer)


def row(rng, T, mix):
    kinds, shares = list(mix), list(mix.values())
    text, weights = bytearray(), []
    while len(text) <= T:
        for _ in range(rng.choice((1, 2, 4, 8))):
            question, answer, values = turn(rng, kinds, shares)
            asked, said = tasks.prompt(question).encode(), f" {answer}\n\n".encode()
            text += asked + said
            weights += [QUESTION_WEIGHT] * len(asked) + [values[0], *values, 1.0, 1.0]
        text.append(0)
        weights.append(QUESTION_WEIGHT)
    return text[:T + 1], weights[1:T + 1]


def batch(rng, B, T, mix):
    """ids [B, T + 1] and the weight [B, T] of each token that is to be foreseen."""
    rows = [row(rng, T, mix) for _ in range(B)]
    return torch.tensor([list(text) for text, _ in rows]), torch.tensor([weights for _, weights in rows])
