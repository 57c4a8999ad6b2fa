"""Hostile vocabularies: those of frontends/Files' tests, for another verb."""
import os

import tool


class Refusals(tool.Refusals):
    def existing(self, name, expected):
        code, out, err = tool.run(self.rwkvc, "tokenize", self.path(name), "text")
        problem = tool.refusal_problem(code, out, err)
        if not problem and expected not in err:
            problem = "expected %r in %r" % (expected, err)
        if problem:
            self.problems.append("%s: %s" % (name, problem))
        self.count += 1

    def accepted(self, name, content, text, ids):
        """The counterpart: a file that is fine, however strange it looks."""
        with open(self.path(name), "wb") as file:
            file.write(content)
        code, out, err = tool.run(self.rwkvc, "tokenize", self.path(name), text)
        if code != 0 or out.split() != [str(i) for i in ids]:
            self.problems.append("%s: exit code %d, %r, %r" % (name, code, out, err))
        self.count += 1
