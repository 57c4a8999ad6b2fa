// Opens oneDNN. Threads of its own would fight ours, so of its builds those are taken whose number can be set to one.
#include "runtime/src/OneDnn.h"

#include <dlfcn.h>

using namespace rwkvc;

namespace {

constexpr const char *file = "libdnnl.so.2"; // its ABI changes with the number

template <typename Function> bool find(void *library, const char *name, Function &function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

// Empty if all of it is there.
std::string link(void *library, OneDnn &functions) {
#define RWKVC_ONEDNN_FIND(name)                                                                                        \
  if (!find(library, "dnnl_" #name, functions.name))                                                                   \
    return std::string(file) + " has no dnnl_" #name;
  RWKVC_ONEDNN_FUNCTIONS(RWKVC_ONEDNN_FIND)
#undef RWKVC_ONEDNN_FIND
  const dnnl_version_t &version = *functions.version();
  std::string name = std::string(file) + " is version " + std::to_string(version.major) + "." +
                     std::to_string(version.minor) + "." + std::to_string(version.patch);
  if (version.cpu_runtime == DNNL_RUNTIME_OMP) {
    if (!find(library, "omp_get_max_threads", functions.omp_get_max_threads) ||
        !find(library, "omp_set_num_threads", functions.omp_set_num_threads))
      return name + " of OpenMP, whose functions are not there";
  } else if (version.cpu_runtime != DNNL_RUNTIME_SEQ) {
    return name + ", which has threads that are neither OpenMP's nor ours";
  }
  if (dnnl_status_t status = functions.engine_create(&functions.engine, dnnl_cpu, 0))
    return name + " and has no engine for this CPU: " + functions.status2str(status);
  return {};
}

} // namespace

const OneDnn *rwkvc::openOneDnn(std::string &reason) {
  static OneDnn *opened = nullptr; // never destroyed: modules that use it may outlive anybody else
  if (opened)
    return opened;
  void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char *cause = dlerror();
    reason = cause ? cause : "it cannot be opened";
    return nullptr;
  }
  auto functions = std::make_unique<OneDnn>();
  reason = link(library, *functions);
  if (!reason.empty()) {
    dlclose(library);
    return nullptr;
  }
  opened = functions.release();
  return opened;
}
