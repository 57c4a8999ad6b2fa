# Finds kernels in assembly by what the text of phase plan says of them.
import re


def name_of(plan, pattern):
    """The first kernel that `pattern` matches in the file `plan`."""
    with open(plan) as text:
        kernels = re.findall(r"^  func.func private @(\w+)\(.*\n(.*)", text.read(), re.MULTILINE)
    return next(name for name, kernel in kernels if re.search(pattern, kernel))


def body_of(assembly, name):
    return re.search(rf"^{name}:\n(.*?)^\.Lfunc_end", assembly, re.DOTALL | re.MULTILINE).group(1)
