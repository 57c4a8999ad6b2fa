// oneDNN's functions, by name at run time: only a module that asks for its products needs the library.
#ifndef RUNTIME_SRC_ONEDNN_H
#define RUNTIME_SRC_ONEDNN_H

#include "runtime/include/rwkvc/rwkvc.h"

#include <memory>
#include <oneapi/dnnl/dnnl.h>
#include <oneapi/dnnl/dnnl_debug.h>
#include <string>

namespace rwkvc {

struct OneDnn {
#define RWKVC_ONEDNN_FUNCTIONS(function)                                                                               \
  function(version) function(status2str) function(engine_create) function(engine_destroy) function(stream_create)      \
  function(stream_destroy) function(memory_desc_init_by_tag) function(memory_desc_get_size)                            \
  function(matmul_desc_init) function(primitive_attr_create) function(primitive_attr_destroy)                          \
  function(primitive_attr_set_scratchpad_mode) function(primitive_desc_create) function(primitive_desc_destroy)        \
  function(primitive_desc_query_md) function(primitive_create) function(primitive_destroy)                             \
  function(primitive_execute) function(memory_create) function(memory_destroy) function(memory_set_data_handle)
#define RWKVC_ONEDNN_MEMBER(name) decltype(&dnnl_##name) name;
  RWKVC_ONEDNN_FUNCTIONS(RWKVC_ONEDNN_MEMBER)
#undef RWKVC_ONEDNN_MEMBER

  // How many threads of its own it would start from this thread; NULL in a build that has none.
  int (*omp_get_max_threads)();
  void (*omp_set_num_threads)(int count);

  dnnl_engine_t engine;
};

// While it lives, oneDNN starts no threads from this one; the number that it would is the caller's own setting.
class OneDnnAlone {
public:
  explicit OneDnnAlone(const OneDnn &library) : library(library) {
    if (!library.omp_set_num_threads)
      return;
    before = library.omp_get_max_threads();
    library.omp_set_num_threads(1);
  }
  OneDnnAlone(const OneDnnAlone &) = delete;
  OneDnnAlone &operator=(const OneDnnAlone &) = delete;
  ~OneDnnAlone() {
    if (library.omp_set_num_threads)
      library.omp_set_num_threads(before);
  }

private:
  const OneDnn &library;
  int before = 1;
};

// Opens the library once per process and keeps it. Not thread-safe: called under the loader's lock. The reason follows
// "needs oneDNN, but ".
const OneDnn *openOneDnn(std::string &reason);

// oneDNN's objects go away by its own functions.
template <auto OneDnn::*destroy> struct OneDnnRelease {
  const OneDnn *library = nullptr;
  template <typename Object> void operator()(Object *object) const { (library->*destroy)(object); }
};
using OneDnnPrimitive = std::unique_ptr<dnnl_primitive, OneDnnRelease<&OneDnn::primitive_destroy>>;
using OneDnnMemory = std::unique_ptr<dnnl_memory, OneDnnRelease<&OneDnn::memory_destroy>>;
using OneDnnStream = std::unique_ptr<dnnl_stream, OneDnnRelease<&OneDnn::stream_destroy>>;

} // namespace rwkvc

#endif // RUNTIME_SRC_ONEDNN_H
