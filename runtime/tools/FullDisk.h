// A disk that is full is told in a sentence, as any other failure: not by a signal, and not by nothing.
#ifndef RUNTIME_TOOLS_FULLDISK_H
#define RUNTIME_TOOLS_FULLDISK_H

namespace rwkvc {

// First in main: files that reach a limit of the process fail to be written.
void expectFullDisk();

// Last in main: the exit code, which is 1 after a sentence if what was printed did not arrive.
int closeStandardOutput(int code);

} // namespace rwkvc

#endif // RUNTIME_TOOLS_FULLDISK_H
