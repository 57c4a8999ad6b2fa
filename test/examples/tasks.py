# What the generators of questions promise, without any model: the answers are right by another way of finding them,
# the same seed gives the same questions, and none of those for measuring can be drawn for training.
import random
import re
import sys

sys.path.insert(0, sys.argv[1])
import stories
import tasks


def expected(name, question):
    """The answer from the question's text alone."""
    word = re.fullmatch(r".* (\w+)[.?]", question)[1]
    if name == "add":
        return str(sum(int(number) for number in re.findall(r"\d+", question)))
    if name == "sort":
        return "".join(letter * word.count(letter) for letter in "abcdefghijklmnopqrstuvwxyz")
    if name == "reverse":
        return "".join(word[i] for i in range(len(word) - 1, -1, -1))
    if name == "repeat":
        return word
    if name == "count":
        return str(len(word) - len(word.replace(re.match(r"How many (\w) are", question)[1], "")))
    facts = re.findall(r"(\w+) has (\d) (\w+) (\w+)\.", question)
    asked = [fact for fact in facts if word in fact or re.search(rf"Which colour are the {fact[3]}\?", question)]
    assert len(asked) == 1, question
    who, number, colour, thing = asked[0]
    kinds = {"How": number, "Which": colour}
    return kinds[re.search(r"(\w+)[^.]*\?$", question)[1]]


for name in tasks.TASKS:
    questions = tasks.fresh_questions(name, 200, seed=7)
    assert questions == tasks.fresh_questions(name, 200, seed=7), "the same seed, other questions"
    assert questions != tasks.fresh_questions(name, 200, seed=8), "another seed, the same questions"
    assert len(dict(questions)) == 200, "a question came twice"
    for question, answer in questions:
        assert tasks.held_out(question), question
        assert answer == expected(name, question), (question, answer)
    rng = random.Random(7)
    assert not any(tasks.held_out(tasks.training_example(rng, name)[0]) for _ in range(500)), name

assert tasks.is_right(" 85\n\n", "85") and tasks.is_right(" 85\n\nUser: more", "85")
for text in ("85\n\n", " 85", " 85\n", " 8 5\n\n", " 855\n\n", " 85 \n\n", "", "\n\n"):
    assert not tasks.is_right(text, "85"), text

rng = random.Random(7)
for _ in range(300):
    question, text, follows = stories.training_example(rng)
    assert len(follows) == len(text)
    kind = re.fullmatch(r"Tell me a story about an? (\w+)\.", question)[1]
    assert re.search(rf"\b{kind}\b", text) and not re.search(r"[{}\n]|\ba [aeiou]|[.!?] [a-z]|  ", text), text
    assert not tasks.held_out(text), text
assert all(tasks.held_out(text) for _, text in stories.fresh_stories(20))
print("tasks are as promised")
