// The C API's handles for C++ tools: released by scope, and a status that is not OK ends the verb.
#ifndef RUNTIME_TOOLS_HANDLES_H
#define RUNTIME_TOOLS_HANDLES_H

#include "runtime/include/rwkvc/rwkvc.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>
#include <string>

namespace rwkvc {

[[noreturn]] inline void die(const std::string &sentence) {
  fprintf(stderr, "rwkvc: error: %s\n", sentence.c_str());
  throw CLI::RuntimeError(1);
}

inline void check(rwkvc_status_t status) {
  if (status != RWKVC_OK)
    die(rwkvc_status_message(status));
}

template <auto release> struct Release {
  template <typename Handle> void operator()(Handle *handle) const { release(handle); }
};
using ModelHandle = std::unique_ptr<rwkvc_model_t, Release<rwkvc_model_release>>;
using StateHandle = std::unique_ptr<rwkvc_state_t, Release<rwkvc_state_release>>;
using SessionHandle = std::unique_ptr<rwkvc_session_t, Release<rwkvc_session_release>>;

inline ModelHandle loadModel(const std::string &path) {
  rwkvc_model_t *model = nullptr;
  check(rwkvc_model_load(path.c_str(), &model));
  return ModelHandle(model);
}

inline StateHandle createState(const rwkvc_model_t *model) {
  rwkvc_state_t *state = nullptr;
  check(rwkvc_state_create(model, &state));
  return StateHandle(state);
}

inline SessionHandle createSession(const rwkvc_model_t *model, unsigned threads) {
  rwkvc_session_t *session = nullptr;
  check(rwkvc_session_create(model, threads, &session));
  return SessionHandle(session);
}

} // namespace rwkvc

#endif // RUNTIME_TOOLS_HANDLES_H
