// Loads each file once per process. The dynamic linker compares names before it opens anything, and our names are
// descriptor numbers: a number must not be free for another file while code loaded under it lives.
#include "runtime/src/Model.h"
#include "runtime/src/Status.h"

#include <memory>
#include <mutex>
#include <vector>

using namespace rwkvc;

namespace {

struct Entry {
  std::unique_ptr<rwkvc_model> model;
  uint64_t references;
};

std::mutex lock; // guards `loaded`, the counts in it, dlopen and dlclose
// Never destroyed: at exit another thread may still be inside a module's code.
std::vector<Entry> &loaded = *new std::vector<Entry>;

rwkvc_status_t load(const char *path, rwkvc_model_t **out_model) {
  auto model = std::make_unique<rwkvc_model>();
  if (rwkvc_status_t status = model->file.open(path))
    return status;
  std::lock_guard guard(lock);
  for (Entry &entry : loaded) {
    const ModuleFile &file = entry.model->file;
    if (file.device() != model->file.device() || file.inode() != model->file.inode())
      continue;
    if (file.trailer().trailer_hash != model->file.trailer().trailer_hash)
      return fail(RWKVC_INVALID_ARGUMENT, "'%s' was overwritten while it is loaded: release it first", path);
    ++entry.references;
    *out_model = entry.model.get();
    return RWKVC_OK;
  }
  loaded.reserve(loaded.size() + 1);
  if (rwkvc_status_t status = model->link())
    return status;
  *out_model = model.get();
  loaded.push_back({std::move(model), 1});
  return RWKVC_OK;
}

} // namespace

void rwkvc::retainModel(const rwkvc_model *model) {
  std::lock_guard guard(lock);
  for (Entry &entry : loaded)
    if (entry.model.get() == model)
      ++entry.references;
}

void rwkvc::releaseModel(const rwkvc_model *model) {
  std::lock_guard guard(lock);
  for (size_t i = 0; i < loaded.size(); ++i) {
    if (loaded[i].model.get() != model || --loaded[i].references > 0)
      continue;
    loaded.erase(loaded.begin() + static_cast<ptrdiff_t>(i));
    return;
  }
}

extern "C" rwkvc_status_t rwkvc_model_load(const char *path, rwkvc_model_t **out_model) {
  if (!path || !out_model)
    return fail(RWKVC_INVALID_ARGUMENT, "rwkvc_model_load needs a path and a place for the model");
  return atBoundary([&] { return load(path, out_model); });
}

extern "C" void rwkvc_model_release(rwkvc_model_t *model) {
  if (model)
    releaseModel(model);
}

extern "C" const rwkvc_model_info_t *rwkvc_model_info(const rwkvc_model_t *model) {
  return model ? &model->info : nullptr;
}

extern "C" rwkvc_status_t rwkvc_model_verify(const rwkvc_model_t *model) {
  if (!model)
    return fail(RWKVC_INVALID_ARGUMENT, "rwkvc_model_verify needs a model");
  return model->file.checkWeights();
}
