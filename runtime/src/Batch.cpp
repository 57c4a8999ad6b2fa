// Everything that a module trusts its caller with is checked here, once per batch.
#include "runtime/src/Batch.h"

#include "runtime/src/Status.h"

#include <algorithm>
#include <atomic>
#include <cinttypes>

using namespace rwkvc;

static rwkvc_status_t checkSequences(const rwkvc_batch_t &batch, const rwkvc_model &model) {
  static std::atomic<uint64_t> batches = 0;
  uint64_t thisBatch = ++batches;
  if (batch.first_row[0] != 0 || batch.first_row[batch.sequences] != batch.rows)
    return fail(RWKVC_INVALID_ARGUMENT,
                "first_row goes from %" PRIu64 " to %" PRIu64 ", but the rows from 0 to %" PRIu64, batch.first_row[0],
                batch.first_row[batch.sequences], batch.rows);
  for (uint64_t s = 0; s < batch.sequences; ++s) {
    if (batch.first_row[s] >= batch.first_row[s + 1])
      return fail(RWKVC_INVALID_ARGUMENT,
                  "sequence %" PRIu64 " goes from row %" PRIu64 " to %" PRIu64 ", but needs at least one row", s,
                  batch.first_row[s], batch.first_row[s + 1]);
    rwkvc_state_t *state = batch.states[s];
    if (!state)
      return fail(RWKVC_INVALID_ARGUMENT, "sequence %" PRIu64 " has no state", s);
    if (state->model != &model)
      return fail(RWKVC_WRONG_MODEL, "the state of sequence %" PRIu64 " is of '%s', but the session runs '%s'", s,
                  state->model->file.path().c_str(), model.file.path().c_str());
    if (state->lastBatch == thisBatch)
      return fail(RWKVC_INVALID_ARGUMENT, "sequence %" PRIu64 " has the state of another sequence of the batch", s);
    state->lastBatch = thisBatch;
  }
  return RWKVC_OK;
}

rwkvc_status_t rwkvc::checkBatch(const rwkvc_batch_t &batch, const rwkvc_model &model, const float *logits) {
  if (batch.rows == 0)
    return fail(RWKVC_INVALID_ARGUMENT, "the batch has no rows");
  if (batch.sequences == 0 || batch.sequences > batch.rows)
    return fail(RWKVC_INVALID_ARGUMENT, "the batch has %" PRIu64 " sequences for %" PRIu64 " rows", batch.sequences,
                batch.rows);
  if (!batch.tokens || !batch.first_row || !batch.states)
    return fail(RWKVC_INVALID_ARGUMENT, "the batch needs tokens, first_row and states");
  // As they ascend there cannot be more; and no more of them are read than a caller can have meant.
  if (batch.wanted > batch.rows)
    return fail(RWKVC_INVALID_ARGUMENT, "%" PRIu64 " rows are wanted, but the batch has %" PRIu64, batch.wanted,
                batch.rows);
  if (batch.wanted > 0 && (!batch.wanted_rows || !logits))
    return fail(RWKVC_INVALID_ARGUMENT, "%" PRIu64 " rows are wanted, but wanted_rows or logits is NULL", batch.wanted);
  for (uint64_t i = 0; i < batch.rows; ++i)
    if (batch.tokens[i] < 0 || static_cast<uint32_t>(batch.tokens[i]) >= model.info.vocabulary)
      return fail(RWKVC_INVALID_ARGUMENT, "the token of row %" PRIu64 " is %d, but the vocabulary has %u", i,
                  batch.tokens[i], model.info.vocabulary);
  for (uint64_t i = 0; i < batch.wanted; ++i) {
    if (batch.wanted_rows[i] >= batch.rows)
      return fail(RWKVC_INVALID_ARGUMENT, "row %" PRIu64 " is wanted, but the batch has %" PRIu64, batch.wanted_rows[i],
                  batch.rows);
    if (i > 0 && batch.wanted_rows[i] <= batch.wanted_rows[i - 1])
      return fail(RWKVC_INVALID_ARGUMENT, "wanted row %" PRIu64 " follows %" PRIu64 ": they must ascend",
                  batch.wanted_rows[i], batch.wanted_rows[i - 1]);
  }
  return checkSequences(batch, model);
}

BatchSplitter::BatchSplitter(uint64_t maxRows)
    : maxRows(maxRows), firstRow(maxRows + 1), states(maxRows), wantedRows(maxRows) {}

void BatchSplitter::start(const rwkvc_batch_t &newBatch, float *newLogits, uint64_t newVocabulary) {
  batch = &newBatch;
  logits = newLogits;
  vocabulary = newVocabulary;
  row = sequence = wanted = 0;
}

bool BatchSplitter::next(rwkvc_step_t &step) {
  if (row == batch->rows)
    return false;
  const uint64_t begin = row, end = begin + std::min(maxRows, batch->rows - begin);
  uint64_t count = 0;
  while (row < end) {
    firstRow[count] = row - begin;
    states[count++] = batch->states[sequence]->block;
    row = std::min(end, batch->first_row[sequence + 1]);
    if (row == batch->first_row[sequence + 1])
      ++sequence;
  }
  firstRow[count] = end - begin;

  step.rows = end - begin;
  step.sequences = count;
  step.tokens = batch->tokens + begin;
  step.first_row = firstRow.data();
  step.states = states.data();
  step.wanted_rows = wantedRows.data();
  step.logits = logits ? logits + wanted * vocabulary : nullptr;
  step.wanted = 0;
  for (; wanted < batch->wanted && batch->wanted_rows[wanted] < end; ++wanted)
    wantedRows[step.wanted++] = static_cast<int32_t>(batch->wanted_rows[wanted] - begin);
  return true;
}
