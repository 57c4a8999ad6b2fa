# Puts questions to a compiled model through the Python package: many at once, greedily, each with a fresh state.
import tasks

END = 0  # the token that ends a text; ids are bytes


def best(logits):
    """The first of the greatest."""
    values = list(logits)
    return values.index(max(values))


def greedy_answers(rwkvc, session, prompts, most=48):
    """What the model writes after each prompt, up to and with the first blank line, or `most` bytes of it."""
    states = [rwkvc.State(session.model) for _ in prompts]
    said = [bytearray() for _ in prompts]
    feed = {number: list(prompt.encode()) for number, prompt in enumerate(prompts)}
    while feed:
        logits = session.step_batch([(states[number], ids) for number, ids in feed.items()])
        following = {}
        for row, number in enumerate(feed):
            token = best(logits[row])
            if token == END:
                continue
            said[number].append(token)
            if not said[number].endswith(b"\n\n") and len(said[number]) < most:
                following[number] = [token]
        feed = following
    return [text.decode("utf-8", "replace") for text in said]


def share_right(rwkvc, session, name, count, seed=1, wrong=None):
    """Of `count` fresh questions of one task, the share answered rightly. `wrong` collects the others."""
    pairs = tasks.fresh_questions(name, count, seed)
    answers = greedy_answers(rwkvc, session, [tasks.prompt(question) for question, _ in pairs])
    right = 0
    for (question, expected), text in zip(pairs, answers):
        if tasks.is_right(text, expected):
            right += 1
        elif wrong is not None:
            wrong.append((question, expected, text))
    return right / count
