//===- Zip.cpp - The directory of a zip archive ---------------------------===//
//
// The directory at the end is the truth, with its 64-bit variant for archives past 4 GiB; an
// entry's own header only says where its data starts. Checksums are left to the model's hash.
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/Zip.h"
#include "frontends/Files/Refusal.h"
#include <optional>

using namespace rwkvc;

static constexpr uint32_t localMagic = 0x04034b50, entryMagic = 0x02014b50, endMagic = 0x06054b50,
                          end64Magic = 0x06064b50, locatorMagic = 0x07064b50;
static constexpr uint64_t endBytes = 22, locatorBytes = 20;

namespace {
struct Directory {
  uint64_t entries, bytes, offset;
};

struct Entry {
  llvm::StringRef name;
  uint64_t stored, size, headerOffset;
};
} // namespace

static uint16_t read16(Bytes bytes, size_t at) { return llvm::support::endian::read16le(bytes.data() + at); }
static uint32_t read32(Bytes bytes, size_t at) { return llvm::support::endian::read32le(bytes.data() + at); }
static uint64_t read64(Bytes bytes, size_t at) { return llvm::support::endian::read64le(bytes.data() + at); }

/// Where the end record is: the last place with its magic whose comment reaches the file's end.
static std::optional<uint64_t> findEnd(Bytes file) {
  constexpr uint64_t mostComment = 0xffff;
  for (uint64_t comment = 0; comment <= mostComment && endBytes + comment <= file.size(); ++comment) {
    uint64_t at = file.size() - endBytes - comment;
    if (read32(file, at) == endMagic && read16(file, at + 20) == comment)
      return at;
  }
  return std::nullopt;
}

/// The directory by the 64-bit end record, to which a locator in front of the end record points.
static llvm::Expected<Directory> find64(Bytes file, uint64_t end) {
  std::optional<Bytes> record;
  if (auto in = ByteReader::from(file, read64(file, end - locatorBytes + 8)))
    record = in->take(56);
  if (!record || read32(*record, 0) != end64Magic)
    return refuse("its zip directory's 64-bit end record is not where the file says");
  return Directory{read64(*record, 32), read64(*record, 40), read64(*record, 48)};
}

static llvm::Expected<Directory> findDirectory(Bytes file) {
  std::optional<uint64_t> end = findEnd(file);
  if (!end)
    return refuse("its zip directory is missing: the file may be truncated");
  if (*end >= locatorBytes && read32(file, *end - locatorBytes) == locatorMagic)
    return find64(file, *end);
  if (read16(file, *end + 4) != 0 || read16(file, *end + 6) != 0)
    return refuse("it is one part of a zip archive of several");
  return Directory{read16(file, *end + 10), read32(file, *end + 12), read32(file, *end + 16)};
}

/// Replaces the numbers of `entry` that did not fit in 32 bits by those in its extra field.
static llvm::Error read64Fields(Entry &entry, Bytes extra) {
  ByteReader fields(extra);
  Bytes wide;
  while (fields.left() >= 4) {
    uint16_t kind = *fields.read<uint16_t>(), length = *fields.read<uint16_t>();
    std::optional<Bytes> field = fields.take(length);
    if (!field)
      break;
    if (kind == 1)
      wide = *field;
  }
  ByteReader numbers(wide);
  for (uint64_t *number : {&entry.size, &entry.stored, &entry.headerOffset}) {
    if (*number != 0xffffffff)
      continue;
    std::optional<uint64_t> value = numbers.read<uint64_t>();
    if (!value)
      return refuse("zip entry " + quoted(entry.name) + " lacks its 64-bit sizes");
    *number = *value;
  }
  return llvm::Error::success();
}

static llvm::Expected<Entry> readEntry(ByteReader &in) {
  std::optional<Bytes> fixed = in.take(46);
  if (!fixed || read32(*fixed, 0) != entryMagic)
    return refuse("its zip directory is damaged");
  std::optional<llvm::StringRef> name = in.takeText(read16(*fixed, 28));
  std::optional<Bytes> extra = in.take(read16(*fixed, 30));
  if (!name || !extra || !in.take(read16(*fixed, 32)))
    return refuse("its zip directory ends inside of an entry");
  Entry entry{*name, read32(*fixed, 20), read32(*fixed, 24), read32(*fixed, 42)};
  if (read16(*fixed, 8) & 1)
    return refuse("zip entry " + quoted(*name) + " is encrypted");
  if (uint16_t method = read16(*fixed, 10))
    return refuse("zip entry " + quoted(*name) + " is " +
                  (method == 8 ? "deflated" : "compressed (method " + std::to_string(method) + ")") +
                  ", but only stored entries can be mapped: unpack it and save it with torch.save");
  if (llvm::Error error = read64Fields(entry, *extra))
    return std::move(error);
  if (entry.stored != entry.size)
    return refuse("zip entry " + quoted(*name) + " stores " + llvm::Twine(entry.stored) + " bytes for a size of " +
                  llvm::Twine(entry.size));
  return entry;
}

static llvm::Expected<Bytes> dataOf(Bytes file, const Entry &entry) {
  auto in = ByteReader::from(file, entry.headerOffset);
  std::optional<Bytes> header = in ? in->take(30) : std::nullopt;
  if (!header || read32(*header, 0) != localMagic)
    return refuse("zip entry " + quoted(entry.name) + " has no header at byte " + llvm::Twine(entry.headerOffset));
  std::optional<llvm::StringRef> name = in->takeText(read16(*header, 26));
  if (!name || *name != entry.name || !in->take(read16(*header, 28)))
    return refuse("zip entry " + quoted(entry.name) + " is named otherwise in its own header");
  std::optional<Bytes> data = in->take(entry.size);
  if (!data)
    return refuse("zip entry " + quoted(entry.name) + " claims " + llvm::Twine(entry.size) + " bytes, but only " +
                  llvm::Twine(in->left()) + " follow");
  return *data;
}

llvm::Expected<llvm::StringMap<Bytes>> rwkvc::readZip(Bytes file) {
  llvm::Expected<Directory> directory = findDirectory(file);
  if (!directory)
    return directory.takeError();
  auto start = ByteReader::from(file, directory->offset);
  std::optional<Bytes> listing = start ? start->take(directory->bytes) : std::nullopt;
  if (!listing)
    return refuse("its zip directory of " + llvm::Twine(directory->bytes) + " bytes at offset " +
                  llvm::Twine(directory->offset) + " lies outside of the file");
  ByteReader in(*listing);
  llvm::StringMap<Bytes> entries;
  for (uint64_t i = 0; i < directory->entries; ++i) {
    llvm::Expected<Entry> entry = readEntry(in);
    if (!entry)
      return entry.takeError();
    llvm::Expected<Bytes> data = dataOf(file, *entry);
    if (!data)
      return data.takeError();
    if (!entries.try_emplace(entry->name, *data).second)
      return refuse("zip entry " + quoted(entry->name) + " occurs twice");
  }
  return entries;
}
