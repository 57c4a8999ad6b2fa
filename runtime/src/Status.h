// How the runtime says what went wrong: a code as the return value, a sentence kept for the thread.
#ifndef RUNTIME_SRC_STATUS_H
#define RUNTIME_SRC_STATUS_H

#include "runtime/include/rwkvc/rwkvc.h"

#include <new>
#include <system_error>

namespace rwkvc {

// Keeps the sentence and returns the code, so that a refusal is one statement.
[[gnu::format(printf, 2, 3)]] rwkvc_status_t fail(rwkvc_status_t status, const char *format, ...);

// errno's text.
const char *systemError(int error);

// A struct that callers fill in says by its size which fields it has: at least the first version's, at most ours.
rwkvc_status_t checkStruct(const char *name, uint64_t bytes, uint64_t least, uint64_t most);

// Runs the body of a C function: the standard library's exceptions must not cross the boundary.
template <typename Body> rwkvc_status_t atBoundary(Body body) {
  try {
    return body();
  } catch (const std::bad_alloc &) {
    return fail(RWKVC_OUT_OF_RESOURCES, "out of memory");
  } catch (const std::system_error &error) {
    return fail(RWKVC_OUT_OF_RESOURCES, "cannot start a thread: %s", systemError(error.code().value()));
  }
}

} // namespace rwkvc

#endif // RUNTIME_SRC_STATUS_H
