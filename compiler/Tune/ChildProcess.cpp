//===- ChildProcess.cpp - This program once more, on a leash --------------===//
#include "compiler/Tune/ChildProcess.h"
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

using namespace rwkvc::tune;
using llvm::Expected;

/// What a child may complain is read up to here.
static constexpr size_t kMostComplaint = 400;

static llvm::Error systemError(const char *what) {
  return llvm::createStringError(std::string("cannot ") + what + ": " + std::generic_category().message(errno));
}

/// A file in memory that holds `text`, to be read from its start.
static int memoryFile(llvm::StringRef text) {
  int file = memfd_create("input", MFD_CLOEXEC);
  while (file >= 0 && !text.empty()) {
    ssize_t count = write(file, text.data(), text.size());
    if (count <= 0)
      return -1;
    text = text.drop_front(count);
  }
  if (file >= 0)
    lseek(file, 0, SEEK_SET);
  return file;
}

Expected<ChildProcess> ChildProcess::start(const std::vector<std::string> &arguments, llvm::StringRef input,
                                           uint64_t mostBytes) {
  int from = memoryFile(input), errors = memoryFile(""), ends[2];
  if (from < 0 || errors < 0 || pipe2(ends, O_CLOEXEC) != 0)
    return systemError("prepare the measuring process");
  std::vector<char *> argv;
  for (const std::string &argument : arguments)
    argv.push_back(const_cast<char *>(argument.c_str()));
  argv.push_back(nullptr);
  pid_t parent = getpid(), pid = fork();
  if (pid < 0)
    return systemError("start the measuring process");
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    rlimit memory{mostBytes, mostBytes}, core{0, 0};
    setrlimit(RLIMIT_AS, &memory);
    setrlimit(RLIMIT_CORE, &core);
    dup2(from, STDIN_FILENO);
    dup2(ends[1], STDOUT_FILENO);
    dup2(errors, STDERR_FILENO);
    if (getppid() == parent)
      execv("/proc/self/exe", argv.data());
    _exit(127);
  }
  close(from);
  close(ends[1]);
  return ChildProcess(pid, ends[0], errors);
}

ChildProcess::ChildProcess(ChildProcess &&other)
    : pid(std::exchange(other.pid, -1)), output(std::exchange(other.output, -1)),
      errors(std::exchange(other.errors, -1)), pending(std::move(other.pending)) {}

ChildProcess::~ChildProcess() {
  if (pid > 0) {
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
  }
  if (output >= 0)
    close(output);
  if (errors >= 0)
    close(errors);
}

ChildProcess::Event ChildProcess::next(std::string &line, double seconds) {
  using Clock = std::chrono::steady_clock;
  auto until = Clock::now() + std::chrono::duration<double>(seconds);
  for (;;) {
    if (size_t end = pending.find('\n'); end != std::string::npos) {
      line = pending.substr(0, end);
      pending.erase(0, end + 1);
      return Event::Line;
    }
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    if (left <= 0)
      return Event::Timeout;
    pollfd ready{output, POLLIN, 0};
    if (poll(&ready, 1, static_cast<int>(left)) <= 0)
      continue;
    char piece[1 << 12];
    ssize_t count = read(output, piece, sizeof(piece));
    if (count == 0)
      return Event::End;
    if (count > 0)
      pending.append(piece, count);
    else if (errno != EINTR)
      return Event::End;
  }
}

std::string ChildProcess::complaint() const {
  char text[kMostComplaint];
  ssize_t count = pread(errors, text, sizeof(text), 0);
  return llvm::StringRef(text, std::max<ssize_t>(count, 0)).split('\n').first.str();
}
