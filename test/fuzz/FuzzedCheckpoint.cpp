// What lies behind a mapping's last byte, up to the end of its page, can be read and is poisoned here: a reader that
// goes one byte too far is found.
#include "test/fuzz/FuzzedCheckpoint.h"

#include "frontends/Vocabularies/Vocabulary.h"
#include "test/fuzz/FuzzedFile.h"
#include "test/fuzz/FuzzedVocabulary.h"

#include <sanitizer/asan_interface.h>

using namespace rwkvc;

namespace {
class PoisonedTail {
public:
  explicit PoisonedTail(Bytes mapping) : begin(mapping.end()), size(-reinterpret_cast<uintptr_t>(begin) % 4096) {
    __asan_poison_memory_region(begin, size);
  }
  ~PoisonedTail() { __asan_unpoison_memory_region(begin, size); }

private:
  const std::byte *begin;
  size_t size;
};
} // namespace

// Rows of the last dimension, the first and the last: every other lies between.
static void readEnds(const TensorView &tensor) {
  constexpr int64_t most = 1 << 16;
  int64_t columns = tensor.shape.empty() ? 1 : tensor.shape.back(), elements = tensor.elements();
  fuzz::demand(columns > 0 && elements > 0 && elements % columns == 0);
  if (columns > most)
    return;
  std::vector<float> row(columns);
  tensor.readRow(0, row);
  tensor.readRow(elements / columns - 1, row);
}

void fuzz::readCheckpoint(const uint8_t *bytes, size_t size, const char *container, bool (*looksLike)(Bytes),
                          llvm::Error (*read)(Checkpoint &)) {
  if (size == 0)
    return;
  FuzzedFile file(bytes, size);
  Checkpoint checkpoint;
  checkpoint.container = container;
  checkpoint.file = llvm::cantFail(MappedFile::open(file.path()));
  PoisonedTail tail(checkpoint.file->bytes());
  if (!looksLike(checkpoint.file->bytes()))
    return;
  if (llvm::Error error = read(checkpoint)) {
    demand(llvm::toString(std::move(error)).find('\n') == std::string::npos);
    return;
  }
  for (const auto &[name, tensor] : checkpoint.tensors)
    readEnds(tensor);
  tryVocabulary(vocabularyOf(checkpoint));
}
