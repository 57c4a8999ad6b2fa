// What the library's other parts may ask of a session.
#ifndef RUNTIME_SRC_SESSION_H
#define RUNTIME_SRC_SESSION_H

#include "runtime/src/Model.h"

namespace rwkvc {
const rwkvc_model *modelOf(const rwkvc_session_t *session);
} // namespace rwkvc

#endif // RUNTIME_SRC_SESSION_H
