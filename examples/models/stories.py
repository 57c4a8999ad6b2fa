# Short stories with a plot, drawn from phrases that were written for this project. What a story says once (names,
# kinds, places, things, weather) stays so to its end. Standard library only.
import random
import re

from tasks import held_out

ANIMALS = {  # kind: homes
    "fox": ["a den under an old oak", "a den behind the mill"],
    "mouse": ["a hole in the garden wall", "a nest below the barn"],
    "bear": ["a cave above the river", "a cave in the pine wood"],
    "hare": ["a hollow in the wheat field", "a hollow on the hill"],
    "owl": ["a hole in a tall elm", "a nest in the church tower"],
    "frog": ["a green pond", "a pond beside the road"],
    "cat": ["a small red house", "a house near the harbour"],
    "dog": ["a barn in the valley", "a hut at the edge of the wood"],
    "duck": ["a quiet bay of the lake", "the reeds by the river"],
    "goat": ["a shed on the mountain", "a stable over the village"],
    "otter": ["a burrow in the river bank", "a burrow by the old bridge"],
    "hedgehog": ["a heap of leaves in the garden", "a heap of wood behind the barn"],
    "squirrel": ["a tall pine", "a hollow oak"],
    "crow": ["a nest in a dead tree", "a nest on the castle wall"],
    "badger": ["a deep sett in the wood", "a long burrow under the hill"],
    "beaver": ["a lodge in the stream", "a lodge on the lake"],
    "sheep": ["a stable by the sea", "a field full of clover"],
    "mole": ["a tunnel under the lawn", "a tunnel below the orchard"],
}
HE = ["Otto", "Bruno", "Finn", "Hugo", "Max", "Oskar", "Paul", "Tim", "Karl", "Leo", "Emil", "Anton"]
SHE = ["Lena", "Mia", "Rosa", "Ida", "Nora", "Ella", "Tilda", "Greta", "Clara", "Wanda", "Frida", "Lotte"]
SIZES = ["small", "young", "clever", "shy", "merry", "brave", "quiet", "old"]
TREASURES = ["a silver bell", "a red scarf", "a brass key", "a blue marble", "a wooden flute", "a golden button",
             "a little lamp", "a straw hat", "a green bottle", "a white feather"]
FOODS = ["apples", "nuts", "berries", "plums", "carrots", "pears", "mushrooms", "cherries"]
SPOTS = ["under a bush", "behind a stone", "in the tall grass", "beside the well", "below the bridge",
         "between two roots", "at the foot of the hill"]
FEARS = ["the dark", "deep water", "thunder", "the big dog", "high places"]
GOALS = ["the sea", "the great waterfall", "the snow on the mountain", "the lights of the town", "the ships in the harbour"]
WORKS = {"a bridge over the stream": ("planks", "the water took the planks away"),
         "a raft": ("branches", "the raft fell apart"), "a swing": ("rope", "the rope broke"),
         "a wall against the wind": ("stones", "the stones rolled down"),
         "a tower to see the moon": ("boxes", "the boxes fell over")}
SEASONS = ["One morning in spring", "One warm day in summer", "One windy day in autumn", "One cold day in winter"]
# Words that follow from others before them: a pronoun from its name, what is built from out of what is built.
FOLLOW = {"kind", "he", "him", "his", "fhe", "fhim", "fhis", "stuff", "failure", "thing"}
BEGIN, END = "\1", "\2"  # around a word that follows from the story so far
TIMES = ["soon", "at noon", "after an hour", "before long", "in the evening"]


class Cast:
    """The things that one story is about, under the names that its sentences use."""

    def __init__(self, rng, kind):
        other = rng.choice([k for k in ANIMALS if k != kind])
        third = rng.choice([k for k in ANIMALS if k not in (kind, other)])
        self.words = {"kind": kind, "other": other, "third": third, "home": rng.choice(ANIMALS[kind]),
                      "othershome": rng.choice(ANIMALS[other]), "size": rng.choice(SIZES),
                      "treasure": rng.choice(TREASURES), "food": rng.choice(FOODS), "spot": rng.choice(SPOTS),
                      "fear": rng.choice(FEARS), "goal": rng.choice(GOALS), "time": rng.choice(TIMES),
                      "day": rng.choice(SEASONS), "work": rng.choice(list(WORKS)),
                      "many": rng.choice(["three", "four", "five", "six", "seven"])}
        male, helper_male = rng.random() < 0.5, rng.random() < 0.5
        names = rng.sample(HE, 2), rng.sample(SHE, 2)
        self.words.update(name=names[not male][0], friend=names[not helper_male][1])
        self.words.update(zip(("he", "him", "his"), ("he", "him", "his") if male else ("she", "her", "her")))
        self.words.update(zip(("fhe", "fhim", "fhis"), ("he", "him", "his") if helper_male else ("she", "her", "her")))
        self.words["stuff"], self.words["failure"] = WORKS[self.words["work"]]
        self.words["thing"] = self.words["treasure"].split(" ", 1)[1]
        self.told = set(FOLLOW)

    def word(self, name):
        known = name in self.told
        self.told.add(name)
        return BEGIN + self.words[name] + END if known else self.words[name]

    def fill(self, sentence):
        text = re.sub(r"\{(\w+)\}", lambda m: self.word(m[1]), sentence)
        text = re.sub(r"\b([aA]) (?=\1?[aeiou])".replace(r"\1", BEGIN), r"\1n ", text)
        return re.sub(rf'(^"?|[.!?] "?)({BEGIN}?[a-z])', lambda m: m[1] + m[2].upper(), text)


OPENINGS = ["{name} was a {size} {kind} who lived in {home}.", "In {home} lived a {size} {kind}, whose name was {name}.",
            "There once was a {size} {kind} called {name}. {he} lived in {home}."]

# A plot is a list of sentences; a sentence is a list of ways to say it.
PLOTS = [
    [["Of all {his} things {he} liked {treasure} best.", "{he} had {treasure} and took it everywhere."],
     ["{day} the {thing} was gone.", "{day} {he} could not find the {thing}."],
     ["{name} looked at home, but it was not there.", "{he} looked in every corner, but found nothing."],
     ["{he} asked {friend} the {other}.", "Then {he} went to {friend}, a {other}, and asked for help."],
     ['"I saw something {spot}," said {friend}.', '"Did you look {spot}?" said {friend}.'],
     ["They went there together, and there lay the {thing}.", "And {time} they found the {thing} {spot}."],
     ["{name} was so glad that {he} gave {friend} {many} {food}.", "{name} thanked {friend} and sang all the way home."]],
    [["{day} a storm came over the land.", "{day} it rained and rained, and a storm began."],
     ["{time} somebody knocked at the door.", "Then {name} heard a voice outside."],
     ["It was {friend}, a {other}, and {fhe} was wet and cold.", "There stood {friend} the {other}, who was very wet."],
     ['"The storm broke my home," said {friend}.', '"I have lost my home," said {friend}. "May I come in?"'],
     ["{name} gave {fhim} a place by the fire and a bowl of {food}.", "{name} let {fhim} in and they ate {food} by the fire."],
     ["The next day they built the home of {friend} again.", "When the sun came back, {name} helped {fhim} to build a new home."],
     ["From then on the {kind} and the {other} were friends.", "Since that storm {name} and {friend} eat together every day."]],
    [["{day} {he} found {many} {food} {spot}.", "{day} {he} saw {many} {food}, and they lay {spot}."],
     ["But {friend} the {other} had seen them too.", "At the same time came {friend}, a {other}, who was hungry."],
     ['"They are mine," said {name}. "No, they are mine," said {friend}.', "Both wanted all the {food}, and they began to shout."],
     ["They shouted so loudly that a {third} woke up.", "A {third} heard the noise and came to them."],
     ['"Who shares has a friend, and who fights has a sore head," said the {third}.', '"Share them, and nobody will be hungry," said the {third}.'],
     ["So they shared the {food}, and the {third} had some too.", "{name} was ashamed, and they shared the {food} with the {third}."],
     ["They tasted better than ever.", "And {time} all three of them were laughing."]],
    [["{name} was afraid of {fear}.", "There was only one thing that {he} did not like, and that was {fear}."],
     ["The others laughed at {him}, but {friend} the {other} did not.", "Nobody knew of it but {friend}, a {other}."],
     ["{day} {friend} hurt {fhis} leg and lay {spot}.", "{day} {friend} fell and could not get up. {fhe} lay {spot}."],
     ["{name} heard {fhim} call, but between them was {fear}.", "To help {fhim}, {name} had to forget {fear}."],
     ["{he} shut {his} eyes, thought of {friend} and ran.", "{his} heart beat fast, but {he} went."],
     ["{time} {he} brought {fhim} home.", "{he} carried {fhim} all the way home."],
     ['"You are the bravest {kind} I know," said {friend}.', "Since that day {name} is not afraid of {fear} any more."]],
    [["{he} had never seen {goal}.", "All {his} life {he} had wished to see {goal}."],
     ["{day} {he} put {many} {food} into a bag and left.", "{day} {he} took {treasure} and {many} {food} and went away."],
     ["On the road {he} met {friend}, a {other}.", "At the crossing sat {friend} the {other}."],
     ['"I want to see {goal}," said {name}. "So do I," said {friend}.', '"Where is {goal}?" asked {name}. "I will show you," said {friend}.'],
     ["They walked for {many} days and slept {spot}.", "They went up the hills and down the hills for {many} days."],
     ["And then they saw {goal}, and they did not say a word.", "At last there was {goal}, and it was more than they had hoped."],
     ["When {name} came home, {he} told everybody about it.", "But home was good too, and {name} slept for a whole day."]],
    [["{day} {he} wanted to build {work}.", '{day} {name} said, "I will build {work}."'],
     ["{he} took {stuff} and worked until the evening.", "{he} carried {stuff} for {many} hours."],
     ["{failure}, and {name} was sad.", "But {failure}. Oh dear!"],
     ["Then came {friend}, who was a {other}.", "{friend} the {other} had seen it all."],
     ['"Alone it is hard," said {friend}. "Let us try together."', '"You hold, and I will tie," said {friend}.'],
     ["This time they took more {stuff} and did it slowly.", "They began again, and {time} it was done."],
     ["It has stood there ever since, as strong as on the first day.", "{name} and {friend} were proud, and they ate {food}."]],
    [["{day} {name} heard somebody cry {spot}.", "{day} {he} found a very little {other} {spot}."],
     ["It was a little {other} that had lost its mother.", '"I cannot find my mother," it said.'],
     ['"Where do you live?" asked {name}. "In {othershome}," said the little one.', '"Our home is {othershome}," said the child.'],
     ["{name} knew the way and took it along.", "That was far, but {name} did not think twice."],
     ["They shared {many} {food} on the way.", "When it was tired, {he} carried it."],
     ["{time} they were there, and the mother ran to them.", "The mother had looked for it all day, and how glad she was!"],
     ["She gave {name} {treasure}, and {he} has it to this day.", '"Thank you, {name}," said the mother. "You are a good {kind}."']],
    [['{day} {friend} the {other} said, "I am faster than you."', "{friend}, a {other}, always said that nobody was faster."],
     ['"Let us run to the old tree," said {name}.', '"Then run with me to the mill," said {name}.'],
     ["A {third} gave the sign, and they ran.", "They began when the {third} called."],
     ["{friend} was soon far ahead and sat down to eat {food}.", "{friend} saw {food} {spot} and stopped to eat."],
     ["{name} did not stop and did not look back.", "{name} was slow, but {he} went on and on."],
     ["So the {kind} was the first, and the {third} cheered.", "When {friend} looked up, {name} was already there."],
     ["{friend} laughed and gave {name} the last of the {food}.", '"Next time I will eat later," said {friend}.']],
]


def story(rng, kind):
    """A text, and for each of its characters whether it follows from those before it."""
    cast = Cast(rng, kind)
    sentences = [OPENINGS] + rng.choice(PLOTS)
    marked = " ".join(cast.fill(rng.choice(ways)) for ways in sentences)
    text, follows = "", []
    inside = False
    for character in marked:
        if character in (BEGIN, END):
            inside = character == BEGIN
        else:
            text += character
            follows.append(inside)
    return text, follows


def question(kind):
    return f"Tell me a story about {'an' if kind[0] in 'aeiou' else 'a'} {kind}."


def training_example(rng):
    while True:
        kind = rng.choice(list(ANIMALS))
        text, follows = story(rng, kind)
        if not held_out(text):
            return question(kind), text, follows


def fresh_stories(count, seed=1):
    """`count` (question, story) that were not trained on: in training the hash of a story decides."""
    rng, found = random.Random(f"{seed} story"), []
    while len(found) < count:
        kind = rng.choice(list(ANIMALS))
        text, _ = story(rng, kind)
        if held_out(text):
            found.append((question(kind), text))
    return found
