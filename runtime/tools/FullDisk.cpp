#include "runtime/tools/FullDisk.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

void rwkvc::expectFullDisk() { signal(SIGXFSZ, SIG_IGN); }

int rwkvc::closeStandardOutput(int code) {
  errno = 0;
  bool hadFailed = ferror(stdout), failed = fflush(stdout) != 0;
  if (!hadFailed && !failed)
    return code;
  const char *reason = failed ? strerror(errno) : "some of it was lost";
  fprintf(stderr, "rwkvc: error: cannot write to standard output: %s\n", reason);
  return 1;
}
