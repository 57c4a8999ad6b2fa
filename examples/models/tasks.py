# Questions whose answers can be checked, for training and for measuring. Standard library only.
# A question is for measuring if its hash says so; training never sees those (see `held_out`).
import random
import string
import zlib

NAMES = ["Ada", "Ben", "Cleo", "Dan", "Eva", "Finn", "Gina", "Hugo", "Ivy", "Jack", "Kim", "Leo", "Mia", "Nils",
         "Olga", "Paul", "Rosa", "Sam", "Tom", "Uma", "Vera", "Will", "Yara", "Zoe"]
COLOURS = ["red", "blue", "green", "black", "white", "brown", "pink", "grey"]
THINGS = ["cups", "hats", "books", "balls", "boats", "keys", "bells", "rings", "stones", "pens", "coins", "kites",
          "lamps", "drums", "boxes", "shoes"]


def letters(rng, low, high, alphabet=string.ascii_lowercase):
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(low, high)))


def add(rng):
    a, b = (rng.randrange(rng.choice((10, 100, 100))) for _ in range(2))
    return f"What is {a} + {b}?", str(a + b)


def sort(rng):
    word = letters(rng, 3, 6)
    return f"Sort the letters {word}.", "".join(sorted(word))


def reverse(rng):
    word = letters(rng, 3, 7)
    return f"Reverse the word {word}.", word[::-1]


def repeat(rng):
    word = letters(rng, 3, 8)
    return f"Repeat the word {word}.", word


def count(rng):
    wanted = rng.choice(string.ascii_lowercase)
    often = rng.choice((0, 1, 1, 2, 2, 3, 4))
    rest = letters(rng, max(2 - often, 0), 8 - often, string.ascii_lowercase.replace(wanted, ""))
    word = list(wanted * often + rest)
    rng.shuffle(word)
    return f"How many {wanted} are in {''.join(word)}?", str(often)


def recall(rng):
    people = rng.randint(2, 3)
    facts = list(zip(rng.sample(NAMES, people), (str(rng.randint(2, 9)) for _ in range(people)),
                     rng.sample(COLOURS, people), rng.sample(THINGS, people)))
    told = " ".join(f"{name} has {number} {colour} {thing}." for name, number, colour, thing in facts)
    name, number, colour, thing = rng.choice(facts)
    question, answer = rng.choice([(f"How many {thing} has {name}?", number),
                                   (f"Which colour are the {thing}?", colour)])
    return f"{told} {question}", answer


TASKS = {task.__name__: task for task in (add, sort, reverse, repeat, count, recall)}


def held_out(question):
    """One question in eight is for measuring alone."""
    return zlib.crc32(question.encode()) % 8 == 0


def prompt(question):
    return f"User: {question}\n\nAssistant:"


def training_example(rng, name):
    while True:
        question, answer = TASKS[name](rng)
        if not held_out(question):
            return question, answer


def fresh_questions(name, count, seed=1):
    """`count` different (question, answer) of one task, none of which was trained on."""
    rng = random.Random(f"{seed} {name}")
    found = {}
    while len(found) < count:
        question, answer = TASKS[name](rng)
        if held_out(question):
            found[question] = answer
    return list(found.items())


def is_right(text, answer):
    """Whether `text`, what the model wrote after the prompt, is the answer and an end of turn."""
    said, end, _ = text.partition("\n\n")
    return said == " " + answer and end == "\n\n"
