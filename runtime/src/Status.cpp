// The thread's last failure. A fixed buffer: reporting that memory ran out must not need memory.
#include "runtime/src/Status.h"

#include <cstdarg>
#include <cstdio>
#include <cstring>

namespace {
thread_local rwkvc_status_t lastStatus = RWKVC_OK;
thread_local char lastMessage[1024];
} // namespace

rwkvc_status_t rwkvc::fail(rwkvc_status_t status, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(lastMessage, sizeof(lastMessage), format, arguments);
  va_end(arguments);
  lastStatus = status;
  return status;
}

const char *rwkvc::systemError(int error) {
  thread_local char buffer[128];
  return strerror_r(error, buffer, sizeof(buffer));
}

rwkvc_status_t rwkvc::checkStruct(const char *name, uint64_t bytes, uint64_t least, uint64_t most) {
  if (bytes < least)
    return fail(RWKVC_INVALID_ARGUMENT, "%s_t was not initialised: call %s_init first", name, name);
  if (bytes > most)
    return fail(RWKVC_INCOMPATIBLE, "%s_t has %llu bytes, but this library knows %llu: update it", name,
                static_cast<unsigned long long>(bytes), static_cast<unsigned long long>(most));
  return RWKVC_OK;
}

extern "C" const char *rwkvc_status_message(rwkvc_status_t status) {
  if (status != RWKVC_OK && status == lastStatus)
    return lastMessage;
  switch (status) {
  case RWKVC_OK:
    return "success";
  case RWKVC_INVALID_ARGUMENT:
    return "the call is wrong";
  case RWKVC_IO_ERROR:
    return "the operating system refused";
  case RWKVC_CORRUPTED:
    return "the file is damaged";
  case RWKVC_INCOMPATIBLE:
    return "the file cannot be used on this machine or with this library";
  case RWKVC_WRONG_MODEL:
    return "the state belongs to another model";
  case RWKVC_OUT_OF_RESOURCES:
    return "memory or threads ran out";
  }
  return "unknown status";
}

extern "C" const char *rwkvc_version(void) { return RWKVC_VERSION; }
