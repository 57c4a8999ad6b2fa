//===- ByteReader.h - A cursor that cannot leave its bytes ------*- C++ -*-===//
//
// Every count and offset of a file passes through here: a read past the end is an empty optional,
// and no arithmetic on sizes can wrap round.
//
//===----------------------------------------------------------------------===//
#ifndef FRONTENDS_FILES_BYTEREADER_H
#define FRONTENDS_FILES_BYTEREADER_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Endian.h"
#include <cstddef>
#include <cstdint>
#include <optional>

namespace rwkvc {

using Bytes = llvm::ArrayRef<std::byte>;

inline llvm::StringRef asText(Bytes bytes) { return {reinterpret_cast<const char *>(bytes.data()), bytes.size()}; }

class ByteReader {
public:
  explicit ByteReader(Bytes bytes) : bytes(bytes) {}

  uint64_t position() const { return at; }
  Bytes peek() const { return bytes.drop_front(at); } // all that is left
  uint64_t left() const { return bytes.size() - at; }

  /// A reader of `bytes` that starts at `position`, if there is such a place.
  static std::optional<ByteReader> from(Bytes bytes, uint64_t position) {
    ByteReader reader(bytes);
    if (!reader.take(position))
      return std::nullopt;
    return reader;
  }

  std::optional<Bytes> take(uint64_t count) {
    if (count > left())
      return std::nullopt;
    Bytes taken = bytes.slice(at, count);
    at += count;
    return taken;
  }

  std::optional<llvm::StringRef> takeText(uint64_t count) {
    std::optional<Bytes> taken = take(count);
    if (!taken)
      return std::nullopt;
    return asText(*taken);
  }

  /// Up to and without the next line feed, which is consumed.
  std::optional<llvm::StringRef> takeLine() {
    llvm::StringRef rest = asText(bytes.drop_front(at));
    size_t end = rest.find('\n');
    if (end == llvm::StringRef::npos)
      return std::nullopt;
    at += end + 1;
    return rest.take_front(end);
  }

  /// A little-endian number.
  template <typename T> std::optional<T> read() {
    std::optional<Bytes> taken = take(sizeof(T));
    if (!taken)
      return std::nullopt;
    return llvm::support::endian::read<T, llvm::endianness::little>(taken->data());
  }

private:
  Bytes bytes;
  uint64_t at = 0;
};

} // namespace rwkvc

#endif // FRONTENDS_FILES_BYTEREADER_H
