// A tokenizer's packed form, checked, with its parts within reach. Nothing of it is believed before `open`.
#ifndef RUNTIME_SRC_TOKENIZERS_PACKEDFORM_H
#define RUNTIME_SRC_TOKENIZERS_PACKEDFORM_H

#include "runtime/abi/rwkvc_tokenizer.h"
#include "runtime/include/rwkvc/rwkvc.h"

#include <cstring>
#include <string_view>

namespace rwkvc {

// Views into bytes that the caller keeps, at any alignment.
class PackedForm {
public:
  // Refuses whatever does not add up; `text(id)` and all else is in range afterwards.
  rwkvc_status_t open(const void *packed, uint64_t bytes);

  const rwkvc_tokenizer_header_t &header() const { return head; }
  rwkvc_tokenizer_merge_t merge(uint32_t rank) const { return at<rwkvc_tokenizer_merge_t>(merges, rank); }
  rwkvc_tokenizer_added_t added(uint32_t index) const { return at<rwkvc_tokenizer_added_t>(addeds, index); }

  // The bytes of an id below header().size; none for kind `bytes`, whose ids are their bytes.
  std::string_view text(uint32_t id) const {
    uint32_t begin = at<uint32_t>(offsets, id), end = at<uint32_t>(offsets, id + 1);
    return {reinterpret_cast<const char *>(texts) + begin, end - begin};
  }

private:
  template <typename T> static T at(const uint8_t *array, uint64_t index) {
    T value;
    memcpy(&value, array + index * sizeof(T), sizeof(T));
    return value;
  }
  rwkvc_status_t checkHeader(uint64_t bytes) const;
  rwkvc_status_t checkTexts() const;
  rwkvc_status_t checkMerges() const;

  rwkvc_tokenizer_header_t head = {};
  const uint8_t *merges = nullptr, *addeds = nullptr, *offsets = nullptr, *texts = nullptr;
};

} // namespace rwkvc

#endif // RUNTIME_SRC_TOKENIZERS_PACKEDFORM_H
