// A state's life and its floats. The padding between slots is zero and never leaves the block.
#include "runtime/src/State.h"

#include "runtime/src/Status.h"

#include <algorithm>
#include <cinttypes>
#include <cstring>

using namespace rwkvc;

static constexpr std::align_val_t cacheLine{64};

rwkvc_state::rwkvc_state(const rwkvc_model *model)
    : model(model), block(static_cast<uint8_t *>(::operator new(model->info.state_bytes, cacheLine))) {
  retainModel(model);
  reset();
}

rwkvc_state::~rwkvc_state() {
  ::operator delete(block, cacheLine);
  releaseModel(model);
}

float *rwkvc_state::slot(uint32_t index) const {
  return reinterpret_cast<float *>(block + model->module->slots[index].offset);
}

void rwkvc_state::reset() {
  memset(block, 0, model->info.state_bytes);
  for (uint32_t i = 0; i < model->info.slot_count; ++i)
    std::fill_n(slot(i), model->slots[i].floats, model->slots[i].initial);
}

void rwkvc_state::gather(float *floats) const {
  for (uint32_t i = 0; i < model->info.slot_count; ++i)
    memcpy(floats + model->slots[i].first_float, slot(i), model->slots[i].floats * sizeof(float));
}

void rwkvc_state::scatter(const float *floats) {
  for (uint32_t i = 0; i < model->info.slot_count; ++i)
    memcpy(slot(i), floats + model->slots[i].first_float, model->slots[i].floats * sizeof(float));
}

bool rwkvc::sameStates(const rwkvc_model &a, const rwkvc_model &b) {
  auto sameSlot = [](const rwkvc_slot_t &x, const rwkvc_slot_t &y) {
    return strcmp(x.name, y.name) == 0 && memcmp(x.shape, y.shape, sizeof(x.shape)) == 0;
  };
  return &a == &b || (memcmp(a.info.model_id, b.info.model_id, sizeof(a.info.model_id)) == 0 &&
                      std::equal(a.slots.begin(), a.slots.end(), b.slots.begin(), b.slots.end(), sameSlot));
}

extern "C" rwkvc_status_t rwkvc_state_create(const rwkvc_model_t *model, rwkvc_state_t **out_state) {
  if (!model || !out_state)
    return fail(RWKVC_INVALID_ARGUMENT, "rwkvc_state_create needs a model and a place for the state");
  return atBoundary([&] {
    *out_state = new rwkvc_state(model);
    return RWKVC_OK;
  });
}

extern "C" void rwkvc_state_release(rwkvc_state_t *state) { delete state; }

extern "C" rwkvc_status_t rwkvc_state_reset(rwkvc_state_t *state) {
  if (!state)
    return fail(RWKVC_INVALID_ARGUMENT, "rwkvc_state_reset needs a state");
  state->reset();
  return RWKVC_OK;
}

extern "C" rwkvc_status_t rwkvc_state_copy(rwkvc_state_t *to, const rwkvc_state_t *from) {
  if (!to || !from)
    return fail(RWKVC_INVALID_ARGUMENT, "rwkvc_state_copy needs two states");
  if (!sameStates(*to->model, *from->model))
    return fail(RWKVC_WRONG_MODEL, "a state of '%s' cannot be copied to one of '%s'", from->model->file.path().c_str(),
                to->model->file.path().c_str());
  if (to == from)
    return RWKVC_OK;
  // By slot, not by block: two modules of one checkpoint may pad differently.
  for (uint32_t i = 0; i < to->model->info.slot_count; ++i)
    memcpy(to->slot(i), from->slot(i), to->model->slots[i].floats * sizeof(float));
  return RWKVC_OK;
}

static rwkvc_status_t checkCount(uint64_t count, uint64_t needed) {
  if (count != needed)
    return fail(RWKVC_INVALID_ARGUMENT, "%" PRIu64 " floats given, but there are %" PRIu64, count, needed);
  return RWKVC_OK;
}

static rwkvc_status_t checkSlot(const rwkvc_state_t *state, uint32_t slot, const void *floats, uint64_t count) {
  if (!state || !floats)
    return fail(RWKVC_INVALID_ARGUMENT, "a state's slot needs a state and floats");
  if (slot >= state->model->info.slot_count)
    return fail(RWKVC_INVALID_ARGUMENT, "slot %u is asked for, but the state has %u", slot,
                state->model->info.slot_count);
  return checkCount(count, state->model->slots[slot].floats);
}

extern "C" rwkvc_status_t rwkvc_state_get(const rwkvc_state_t *state, float *out_floats, uint64_t count) {
  if (!state || !out_floats)
    return fail(RWKVC_INVALID_ARGUMENT, "rwkvc_state_get needs a state and a place for the floats");
  if (rwkvc_status_t status = checkCount(count, state->model->info.state_floats))
    return status;
  state->gather(out_floats);
  return RWKVC_OK;
}

extern "C" rwkvc_status_t rwkvc_state_set(rwkvc_state_t *state, const float *floats, uint64_t count) {
  if (!state || !floats)
    return fail(RWKVC_INVALID_ARGUMENT, "rwkvc_state_set needs a state and floats");
  if (rwkvc_status_t status = checkCount(count, state->model->info.state_floats))
    return status;
  state->scatter(floats);
  return RWKVC_OK;
}

extern "C" rwkvc_status_t rwkvc_state_get_slot(const rwkvc_state_t *state, uint32_t slot, float *out_floats,
                                               uint64_t count) {
  if (rwkvc_status_t status = checkSlot(state, slot, out_floats, count))
    return status;
  memcpy(out_floats, state->slot(slot), count * sizeof(float));
  return RWKVC_OK;
}

extern "C" rwkvc_status_t rwkvc_state_set_slot(rwkvc_state_t *state, uint32_t slot, const float *floats,
                                               uint64_t count) {
  if (rwkvc_status_t status = checkSlot(state, slot, floats, count))
    return status;
  memcpy(state->slot(slot), floats, count * sizeof(float));
  return RWKVC_OK;
}
