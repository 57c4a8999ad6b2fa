# chat_terminal.py RWKVC MODULE FOLDER: types at chat through a terminal: editing, history, Ctrl-C in both places, Ctrl-D.
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import time

PATIENCE = 60  # seconds; a busy machine is not a failure


class Terminal:
    def __init__(self, command):
        self.shown = ""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm", LC_ALL="C")  # chat finds a UTF-8 locale by itself
            os.execv(command[0], command)

    def type(self, keys):
        os.write(self.fd, keys.encode())

    def expect(self, pattern):
        """Waits until `pattern` has been shown; returns the match, and forgets what came before its end."""
        end = time.monotonic() + PATIENCE
        while not (found := re.search(pattern, self.shown)):
            ready, _, _ = select.select([self.fd], [], [], max(0, end - time.monotonic()))
            if not ready:
                sys.exit(f"'{pattern}' never came; what did: {self.shown!r}")
            try:
                self.shown += os.read(self.fd, 4096).decode(errors="replace")
            except OSError:
                sys.exit(f"ended before '{pattern}' came; what did: {self.shown!r}")
        self.shown = self.shown[found.end():]
        return found

    def end(self):
        """The exit status; whatever is still shown is let through."""
        try:
            while select.select([self.fd], [], [], PATIENCE)[0]:
                os.read(self.fd, 4096)
            sys.exit(f"did not end within {PATIENCE} s")
        except OSError:  # the program's end of the terminal is closed
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def text_of(state):
    floats = memoryview(open(state, "rb").read())[88:].cast("f")
    return bytes(int(x) for x in floats[:int(floats[-1])]).decode()


def main(rwkvc, module, folder):
    chat = Terminal([rwkvc, "chat", module, "--temperature", "0"])
    chat.expect("/help lists the commands")
    chat.expect("User: ")
    chat.type("helo\x1b[Dl\x1b[H\x1b[3~H\r")  # left, l; home, delete, H
    chat.expect(r"Assistant: Hello 1\r\n\x1b\[2m\d+ prompt tokens at .* tokens/s, first token after .* ms, .*\x1b\[0m")
    chat.expect("User: ")
    chat.type("\x1b[A\r")  # up
    chat.expect("Assistant: Hello 2")
    chat.expect("User: ")
    chat.type("n\u00e9\x7fo \u4e16\u754c\x7f\r")  # one key deletes one character, not a byte of it
    chat.expect("Assistant: no \u4e16 3")
    chat.expect("User: ")
    chat.type("not this\x03")
    chat.expect(r"\^C")
    chat.expect("User: ")
    chat.type("slow\r")
    chat.expect("Assistant: 000")
    chat.type("\x03\x03\x03")  # impatience does not end the program
    chat.expect("tokens/s")
    chat.expect("User: ")
    chat.type("/nonsense\r")
    chat.expect("there is no command")
    chat.expect("User: ")
    chat.type("last\r")
    chat.expect("Assistant: last 5")
    chat.expect("User: ")
    state = os.path.join(folder, "terminal.state")
    chat.type(f"/save {state}\r")
    chat.expect("saved")
    chat.expect("User: ")
    chat.type("\x04")
    assert chat.end() == 0
    turns = [("Hello", "Hello 1"), ("Hello", "Hello 2"), ("no \u4e16", "no \u4e16 3"), ("slow", "0+"), ("last", "last 5")]
    expected = "".join(f"User: {question}\n\nAssistant: {answer}\n\n" for question, answer in turns)
    assert re.fullmatch(expected, text_of(state)), text_of(state)

    # run ends its text at the first Ctrl-C, with everything that comes at an end.
    run = subprocess.Popen([rwkvc, "run", module, "--prompt", "User: slow\n\nAssistant:", "--save-state", state],
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    started = run.stdout.read(4)
    run.send_signal(signal.SIGINT)
    rest, told = run.communicate(timeout=PATIENCE)
    assert run.returncode == 0 and b"ended by interrupted" in told, told
    said = (started + rest).decode().removesuffix("\n")
    assert re.fullmatch(" 0{3,200}", said), said
    assert text_of(state) == "User: slow\n\nAssistant:" + said


main(*sys.argv[1:])
