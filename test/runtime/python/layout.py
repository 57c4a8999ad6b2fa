# The package says in ctypes what the headers say in C: layout.py write > layout.c; layout.py compare < its output.
# Also every function of the headers is declared, with as many arguments.
import ctypes
import pathlib
import re
import sys

from rwkvc import _library

STRUCTS = {"rwkvc_slot_t": _library.SlotStruct, "rwkvc_model_info_t": _library.ModelInfoStruct,
           "rwkvc_batch_t": _library.BatchStruct, "rwkvc_sampling_t": _library.SamplingStruct,
           "rwkvc_generation_t": _library.GenerationStruct, "rwkvc_generated_t": _library.GeneratedStruct}


def measures():
    for name, struct in STRUCTS.items():
        yield f"sizeof({name})", ctypes.sizeof(struct)
        for field, *_ in struct._fields_:
            yield f"offsetof({name}, {field})", getattr(struct, field).offset
            yield f"sizeof((({name} *)0)->{field})", getattr(struct, field).size


def declared(headers):
    for header in headers:
        text = re.sub(r"/\*.*?\*/", "", header.read_text(), flags=re.DOTALL)
        for name, arguments in re.findall(r"RWKVC_API [^;]*?\b(rwkvc_\w+)\(([^;]*)\);", text):
            yield name, 0 if arguments.strip() == "void" else arguments.count(",") + 1


def main(verb, include):
    headers = sorted(pathlib.Path(include, "rwkvc").glob("*.h"))
    if verb == "write":
        print("#include <stddef.h>\n#include <stdio.h>")
        for header in headers:
            print(f"#include <rwkvc/{header.name}>")
        print("int main(void) {")
        for expression, _ in measures():
            print(f'  printf("%zu\\n", {expression});')
        print("  return 0;\n}")
        return
    sizes = [int(line) for line in sys.stdin]
    wrong = [f"{what} is {size} in C, {mine} here" for (what, mine), size in zip(measures(), sizes, strict=True)
             if mine != size]
    functions = {name: len(arguments) for name, (_, arguments) in _library.OTHERS.items()}
    functions.update({name: len(arguments) for name, arguments in _library.FALLIBLE.items()})
    wrong += [f"{name} with {count} arguments is only on one side" for name, count
              in sorted(set(declared(headers)) ^ set(functions.items()))]
    sys.exit("\n".join(wrong) or None)


main(*sys.argv[1:])
