"""What a program takes to read a file that wants as much as its bytes can ask for: less than 512 MB, and than five seconds of a
processor, however busy the machine is.

appetite.py COMMAND... runs one and says what it took. Linux counts towards a program's memory that of the process which
started it: so that has to be this small script, not the one that made the files.
"""
import os
import subprocess
import sys

MEMORY, SECONDS = 512 << 20, 5


class Appetite:
    """measure() many files; finish() prints the worst of each kind and ends the script."""

    def __init__(self, path):
        """`path`: where each of the files is written for its turn."""
        self.path, self.worst, self.wrong = path, {}, []
        os.makedirs(os.path.dirname(path), exist_ok=True)

    def measure(self, kind, name, content, command):
        with open(self.path, "wb") as file:
            file.write(content)
        measured = subprocess.run([sys.executable, "-I", "-S", __file__, *command], stdout=subprocess.PIPE,
                                  stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True)
        code, peak, seconds = measured.stdout.split()
        peak, seconds = int(peak), float(seconds)
        self.worst[kind] = max(self.worst.get(kind, (0, 0, "")), (peak, seconds, name))
        if int(code) not in (0, 1) or peak >= MEMORY or seconds >= SECONDS:
            self.wrong.append("%s %s: %d MB in %.1f s, then %s" % (kind, name, peak >> 20, seconds, measured.stderr[:200]))

    def finish(self):
        for kind, (peak, seconds, name) in self.worst.items():
            print("%-15s at most %4d MB (%s, %.1f s)" % (kind, peak >> 20, name, seconds))
        print("\n".join(self.wrong))
        sys.exit(bool(self.wrong))


if __name__ == "__main__":
    pid = os.fork()
    if pid == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.execv(sys.argv[1], sys.argv[1:])
    _, status, usage = os.wait4(pid, 0)
    print(os.waitstatus_to_exitcode(status), usage.ru_maxrss << 10, usage.ru_utime + usage.ru_stime)
