# Greedy answers of a model in training, in torch. What docs/Models.md reports comes from report.py, which asks the
# compiled models.
import torch

import model
import tasks


@torch.no_grad()
def answer_batch(version, p, prompts, length):
    """Continues prompts of one length, greedily. Recomputes everything for each token: simple, and rarely run."""
    ids = torch.tensor([list(text.encode()) for text in prompts])
    for _ in range(length):
        ids = torch.cat([ids, model.forward(version, p, ids)[:, -1:].argmax(-1)], 1)
    start = len(prompts[0])
    return [bytes(line[start:]).decode("utf-8", "replace") for line in ids.tolist()]


@torch.no_grad()
def accuracies(version, p, names, count, seed=1):
    """The share of right answers, teacher-forced: an answer is right if each of its bytes is the likeliest."""
    found = {}
    for name in names:
        right = 0
        pairs = tasks.fresh_questions(name, count, seed)
        texts = [(tasks.prompt(q).encode(), f" {a}\n\n".encode()) for q, a in pairs]
        longest = max(len(q) + len(a) for q, a in texts)
        ids = torch.tensor([list((q + a).ljust(longest, b"\0")) for q, a in texts])
        best = model.forward(version, p, ids[:, :-1]).argmax(-1)
        for line, expected, (q, a) in zip(best, ids[:, 1:], texts):
            span = slice(len(q) - 1, len(q) + len(a) - 1)
            right += bool((line[span] == expected[span]).all())
        found[name] = round(right / count, 3)
    return found
