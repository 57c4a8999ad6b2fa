// A loaded module, shared by all who use it. Counted under one lock together with the dynamic linker's own
// table, which knows modules by the number of the descriptor that they were opened from.
#ifndef RUNTIME_SRC_MODEL_H
#define RUNTIME_SRC_MODEL_H

#include "runtime/src/ModuleFile.h"
#include "runtime/src/Products.h"
#include "runtime/src/Tokenizers/Tokenizer.h"

#include <mutex>
#include <string>
#include <vector>

struct rwkvc_model {
  rwkvc_model() = default;
  rwkvc_model(const rwkvc_model &) = delete;
  rwkvc_model &operator=(const rwkvc_model &) = delete;
  ~rwkvc_model();

  rwkvc::ModuleFile file;
  const rwkvc_module_t *module = nullptr;
  std::vector<rwkvc_slot_t> slots;
  rwkvc_model_info_t info = {};

  rwkvc::Products products;

  uint64_t tokenizerBytes = 0;              // 0: the module has none
  mutable std::mutex tokenizerLock;         // guards `tokenizer`
  mutable rwkvc::TokenizerHandle tokenizer; // made when it is first asked for, since not all who load want it

  // After file.open: maps the code, checks what it says of itself and fills `info`.
  rwkvc_status_t link();

private:
  rwkvc_status_t checkModule() const;
  rwkvc_status_t checkFeatures() const;
  rwkvc_status_t readSlots();
  void describe();

  void *library = nullptr;
};

namespace rwkvc {
void retainModel(const rwkvc_model *model);
void releaseModel(const rwkvc_model *model);
} // namespace rwkvc

#endif // RUNTIME_SRC_MODEL_H
