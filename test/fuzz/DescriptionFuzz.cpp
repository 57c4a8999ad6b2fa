// What a module says of itself, with numbers that do not fit each other. Its pointers are good: a module is code, and
// code that lies about them could as well do its harm itself (docs/Reliability.md).
#include "test/fuzz/FuzzedFile.h"
#include "test/runtime/FakeModule.h"

#include <fuzzer/FuzzedDataProvider.h>

#include <cstdlib>

static void neverRun(const rwkvc_step_t *, uint32_t, uint32_t) { __builtin_trap(); }

// Any number, but often one that is nearly right.
template <typename T> static void change(FuzzedDataProvider &in, T &value) {
  if (in.ConsumeBool())
    value = in.ConsumeBool() ? in.ConsumeIntegral<T>() : value + in.ConsumeIntegral<int8_t>();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  static rwkvc_module_t module;
  static rwkvc_state_slot_t slots[4];
  static std::string text;
  // The image asks for its description there: test/runtime/Inputs/described_module.c.
  static const std::string path = [] {
    setenv("RWKVC_TEST_DESCRIPTION", std::to_string(reinterpret_cast<uintptr_t>(&module)).c_str(), 1);
    return fake::sealedFile("described");
  }();
  FuzzedDataProvider in(bytes, size);
  module = {RWKVC_ABI_VERSION, sizeof(module), "c", "rwkv7", "t", "cpu", "", "f", "k", 1, 4, 2, 2, 8, 16, 5, 2, slots,
            128, 16, 64, 4, 8, 128, neverRun, nullptr, 0, 0, nullptr};
  slots[0] = {"sum", 0, 1, {4, 1, 1, 1}, 0.25f};
  slots[1] = {"count", 64, 2, {2, 2, 1, 1}, -1.0f};
  slots[2] = slots[3] = {"more", 128, 1, {1, 1, 1, 1}, 0.0f};
  change(in, module.abi_version);
  change(in, module.struct_bytes);
  for (uint32_t *count : {&module.layers, &module.channels, &module.vocabulary, &module.max_rows})
    change(in, *count);
  module.slot_count = in.ConsumeIntegralInRange<uint32_t>(0, 4);
  for (uint64_t *bytes : {&module.state_bytes, &module.arena_row_bytes, &module.weights_bytes})
    change(in, *bytes);
  for (rwkvc_state_slot_t &slot : slots) {
    change(in, slot.offset);
    change(in, slot.rank);
    for (uint32_t &extent : slot.shape)
      change(in, extent);
  }
  text = in.ConsumeRandomLengthString(40);
  module.cpu_features = text.c_str();

  rwkvc_model_t *model = nullptr;
  if (rwkvc_model_load(path.c_str(), &model) != RWKVC_OK)
    return 0;
  const rwkvc_model_info_t &info = *rwkvc_model_info(model);
  constexpr uint64_t most = 1 << 20;
  if (info.state_bytes <= most) {
    fake::State state = [&] {
      rwkvc_state_t *made = nullptr;
      fuzz::demand(rwkvc_state_create(model, &made) == RWKVC_OK);
      return fake::State(made);
    }();
    std::vector<float> floats(info.state_floats);
    fuzz::demand(floats.size() * sizeof(float) <= info.state_bytes);
    fuzz::demand(floats.empty() || rwkvc_state_set(state.get(), floats.data(), floats.size()) == RWKVC_OK);
  }
  if (info.arena_row_bytes * info.max_rows <= most && info.max_rows <= most) {
    rwkvc_session_t *session = nullptr;
    fuzz::demand(rwkvc_session_create(model, 1, &session) == RWKVC_OK);
    rwkvc_session_release(session);
  }
  rwkvc_model_release(model);
  return 0;
}
