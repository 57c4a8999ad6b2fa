#!/usr/bin/env python3
# Counts the right answers of a bundled model: answers.py MODEL.so asks fresh questions of each task (examples/models),
# all sequences in one batch, greedily; exit code 1 if fewer than --least percent are right. --list only shows some.
import argparse
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "models"))
import ask
import tasks


def arguments():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("model", nargs="?", help="compiled model (.so)")
    parser.add_argument("--each", type=int, default=50, help="questions a task")
    parser.add_argument("--seed", type=int, default=1, help="another seed asks other questions")
    parser.add_argument("--least", type=float, default=0, help="percent of right answers")
    parser.add_argument("--list", action="store_true", help="print question and answer, with a tab between")
    return parser.parse_args()


def main():
    options = arguments()
    questions = [(name, *pair) for name in tasks.TASKS
                 for pair in tasks.fresh_questions(name, options.each, options.seed)]
    if options.list:
        for _, question, answer in questions:
            print(question, answer, sep="\t")
        return
    import rwkvc

    start = time.perf_counter()
    with rwkvc.Model(options.model) as model, rwkvc.Session(model) as session:
        said = ask.greedy_answers(rwkvc, session, [tasks.prompt(question) for _, question, _ in questions])
    seconds = time.perf_counter() - start
    right = [(name, tasks.is_right(text, answer)) for (name, _, answer), text in zip(questions, said)]
    for task in tasks.TASKS:
        print(f"{task:8} {sum(ok for name, ok in right if name == task)} of {options.each}")
    total = sum(ok for _, ok in right)
    share = 100 * total / len(right)
    print(f"{'all':8} {total} of {len(right)} right: {share:.1f} %, in {seconds:.1f} s")
    if share < options.least:
        sys.exit(f"at least {options.least:g} % were expected")


if __name__ == "__main__":
    main()
