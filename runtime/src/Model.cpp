// Maps a module's code and checks what the module says of itself, before anything of it is used.
#include "runtime/src/Model.h"

#include "runtime/src/CpuFeatures.h"
#include "runtime/src/Status.h"

#include <cinttypes>
#include <cstddef>
#include <cstring>
#include <dlfcn.h>
#include <string_view>

using namespace rwkvc;

rwkvc_model::~rwkvc_model() {
  if (library)
    dlclose(library);
}

rwkvc_status_t rwkvc_model::link() {
  const char *path = file.path().c_str();
  // By descriptor: the path may name another file by now, and code and weights must come from the same.
  std::string opened = "/proc/self/fd/" + std::to_string(file.descriptor());
  library = dlopen(opened.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char *reason = dlerror();
    return fail(RWKVC_INCOMPATIBLE, "cannot link '%s': %s", path, reason ? reason : "unknown reason");
  }
  auto query = reinterpret_cast<rwkvc_module_query_t>(dlsym(library, RWKVC_QUERY_SYMBOL));
  if (!query)
    return fail(RWKVC_CORRUPTED, "'%s' is no rwkvc module: it has no symbol '%s'", path, RWKVC_QUERY_SYMBOL);
  module = query(RWKVC_ABI_VERSION);
  if (!module)
    return fail(RWKVC_INCOMPATIBLE, "'%s' cannot speak module version %u or older", path, RWKVC_ABI_VERSION);
  if (rwkvc_status_t status = checkModule())
    return status;
  if (rwkvc_status_t status = checkFeatures())
    return status;
  if (rwkvc_status_t status = readSlots())
    return status;
  if (module->struct_bytes >= offsetof(rwkvc_module_t, tokenizer_bytes) + sizeof(module->tokenizer_bytes))
    tokenizerBytes = module->tokenizer_bytes;
  if (module->struct_bytes >= offsetof(rwkvc_module_t, skippable_bytes) + sizeof(module->skippable_bytes))
    info.skippable_bytes = module->skippable_bytes;
  if (tokenizerBytes > 0 && !module->tokenizer)
    return fail(RWKVC_CORRUPTED, "'%s' lacks its tokenizer of %" PRIu64 " bytes", path, tokenizerBytes);
  describe();
  if (module->struct_bytes >= offsetof(rwkvc_module_t, products) + sizeof(module->products))
    return products.link(module->products, path);
  return RWKVC_OK;
}

rwkvc_status_t rwkvc_model::checkModule() const {
  const char *path = file.path().c_str();
  if (module->abi_version != RWKVC_ABI_VERSION)
    return fail(RWKVC_INCOMPATIBLE, "'%s' has module version %u, but this library needs version %u", path,
                module->abi_version, RWKVC_ABI_VERSION);
  // Fields from the tokenizer on came later: modules without them are as good.
  constexpr size_t least = offsetof(rwkvc_module_t, tokenizer);
  if (module->struct_bytes < least)
    return fail(RWKVC_CORRUPTED, "'%s' describes itself in %u bytes, but version %u needs %zu", path,
                module->struct_bytes, RWKVC_ABI_VERSION, least);
  for (const char *text : {module->compiler, module->architecture, module->target_triple, module->target_cpu,
                           module->cpu_features, module->weight_formats, module->kernels})
    if (!text)
      return fail(RWKVC_CORRUPTED, "'%s' lacks a part of its description", path);
  if (!module->step || (module->slot_count > 0 && !module->slots))
    return fail(RWKVC_CORRUPTED, "'%s' lacks its code or its state's slots", path);
  if (module->layers == 0 || module->channels == 0 || module->vocabulary == 0 || module->vocabulary > INT32_MAX ||
      module->max_rows == 0 || module->max_rows > INT32_MAX)
    return fail(RWKVC_CORRUPTED, "'%s' has %u layers, %u channels, a vocabulary of %u and %u rows a step", path,
                module->layers, module->channels, module->vocabulary, module->max_rows);
  if (module->weights_bytes != file.trailer().weights_bytes)
    return fail(RWKVC_CORRUPTED, "the code of '%s' expects %" PRIu64 " bytes of weights, but the file has %" PRIu64,
                path, module->weights_bytes, file.trailer().weights_bytes);
  // 64-bit products of counts and sizes stay exact below these.
  constexpr uint64_t limit = 1ull << 40;
  uint64_t arena;
  if (module->state_bytes == 0 || module->state_bytes > limit ||
      __builtin_mul_overflow(module->arena_row_bytes, uint64_t{module->max_rows}, &arena) || arena > limit)
    return fail(RWKVC_CORRUPTED, "'%s' asks for %" PRIu64 " bytes of state and %" PRIu64 " bytes a row", path,
                module->state_bytes, module->arena_row_bytes);
  return RWKVC_OK;
}

rwkvc_status_t rwkvc_model::checkFeatures() const {
  const char *path = file.path().c_str();
  std::string missing;
  std::string_view rest = module->cpu_features;
  while (!rest.empty()) {
    std::string_view name = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), name.size() + 1));
    if (!name.empty() && name.front() == '+')
      name.remove_prefix(1);
    if (name.empty())
      continue;
    std::string text(name);
    switch (findCpuFeature(name)) {
    case CpuFeature::Present:
      break;
    case CpuFeature::Unknown:
      return fail(RWKVC_INCOMPATIBLE, "'%s' needs the CPU feature '%s', which this library does not know", path,
                  text.c_str());
    case CpuFeature::Absent:
      missing += (missing.empty() ? "" : ", ") + text;
    }
  }
  if (!missing.empty())
    return fail(RWKVC_INCOMPATIBLE, "'%s' is compiled for %s, but this CPU lacks %s", path, module->target_cpu,
                missing.c_str());
  return RWKVC_OK;
}

rwkvc_status_t rwkvc_model::readSlots() {
  const char *path = file.path().c_str();
  uint64_t blockEnd = 0, floats = 0;
  for (uint32_t i = 0; i < module->slot_count; ++i) {
    const rwkvc_state_slot_t &slot = module->slots[i];
    if (!slot.name || slot.rank < 1 || slot.rank > 4 || slot.offset % 64 != 0 || slot.offset < blockEnd)
      return fail(RWKVC_CORRUPTED, "slot %u of the state of '%s' is malformed", i, path);
    uint64_t count = 1, bytes;
    bool overflow = false;
    for (uint32_t extent : slot.shape)
      overflow |= __builtin_mul_overflow(count, uint64_t{extent}, &count);
    overflow |= __builtin_mul_overflow(count, uint64_t{sizeof(float)}, &bytes);
    overflow |= __builtin_add_overflow(slot.offset, bytes, &blockEnd);
    if (overflow || count == 0 || blockEnd > module->state_bytes)
      return fail(RWKVC_CORRUPTED, "'%s' of the state of '%s' does not fit its %" PRIu64 " bytes", slot.name, path,
                  module->state_bytes);
    rwkvc_slot_t view = {slot.name, slot.rank, {}, floats, count, slot.initial};
    memcpy(view.shape, slot.shape, sizeof(view.shape));
    slots.push_back(view);
    floats += count;
  }
  info.state_floats = floats;
  return RWKVC_OK;
}

void rwkvc_model::describe() {
  const rwkvc_trailer_t &end = file.trailer();
  info.compiler = module->compiler;
  info.architecture = module->architecture;
  info.target_triple = module->target_triple;
  info.target_cpu = module->target_cpu;
  info.cpu_features = module->cpu_features;
  info.weight_formats = module->weight_formats;
  info.kernels = module->kernels;
  info.layers = module->layers;
  info.channels = module->channels;
  info.heads = module->heads;
  info.head_size = module->head_size;
  info.ffn_width = module->ffn_width;
  info.vocabulary = module->vocabulary;
  info.max_rows = module->max_rows;
  info.abi_version = module->abi_version;
  info.slot_count = module->slot_count;
  info.slots = slots.data();
  info.state_bytes = module->state_bytes;
  info.arena_row_bytes = module->arena_row_bytes;
  info.file_bytes = end.file_bytes;
  info.image_bytes = end.image_bytes;
  info.weights_offset = end.weights_offset;
  info.weights_bytes = end.weights_bytes;
  info.decode_bytes = module->decode_bytes;
  info.row_flops = module->row_flops;
  info.head_flops = module->head_flops;
  memcpy(info.model_id, end.model_id, sizeof(info.model_id));
  info.image_hash = end.image_hash;
  info.weights_hash = end.weights_hash;
  info.content_hash = end.trailer_hash;
}
