// One reader on one file: whatever it accepts can be read to its last element, and gets as far as the model's graph.
#ifndef TEST_FUZZ_FUZZEDCHECKPOINT_H
#define TEST_FUZZ_FUZZEDCHECKPOINT_H

#include "frontends/Files/Formats.h"

namespace fuzz {

void readCheckpoint(const uint8_t *bytes, size_t size, const char *container, bool (*looksLike)(rwkvc::Bytes),
                    llvm::Error (*read)(rwkvc::Checkpoint &));

} // namespace fuzz

#endif // TEST_FUZZ_FUZZEDCHECKPOINT_H
