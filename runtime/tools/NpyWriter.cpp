// NumPy's format version 1.0: magic, a Python dictionary padded to 64 bytes, then the floats.
#include "runtime/tools/NpyWriter.h"

#include "runtime/tools/Handles.h"

#include <cassert>
#include <cerrno>
#include <cstring>

using namespace rwkvc;

static std::string npyHeader(const std::vector<uint64_t> &shape) {
  std::string text = "{'descr': '<f4', 'fortran_order': False, 'shape': (";
  for (uint64_t extent : shape)
    text += std::to_string(extent) + ",";
  text += "), }";
  constexpr size_t before = 10; // magic, version, length
  text.append(63 - (before + text.size()) % 64, ' ');
  text += '\n';
  std::string header("\x93NUMPY\x01\x00", 8);
  header += static_cast<char>(text.size() & 0xff);
  header += static_cast<char>(text.size() >> 8);
  return header + text;
}

[[noreturn]] static void refuse(const std::string &path, const std::string &why) {
  die("cannot write '" + path + "': " + why);
}

static NewFile created(const std::string &path) {
  std::string why;
  std::optional<NewFile> file = NewFile::create(path, 0666, why);
  if (!file)
    refuse(path, why);
  return std::move(*file);
}

NpyWriter::NpyWriter(std::string givenPath, const std::vector<uint64_t> &shape)
    : path(std::move(givenPath)), file(created(path)), missing(1) {
  for (uint64_t extent : shape)
    missing *= extent;
  std::string header = npyHeader(shape);
  write(header.data(), header.size());
}

void NpyWriter::write(const void *from, uint64_t bytes) {
  if (!file.write(from, bytes))
    refuse(path, strerror(errno));
}

void NpyWriter::append(const float *floats, uint64_t count) {
  assert(count <= missing && "more floats than the shape has");
  write(floats, count * sizeof(float));
  missing -= count;
}

void NpyWriter::finish() {
  assert(missing == 0 && "fewer floats than the shape has");
  if (!file.keep())
    refuse(path, strerror(errno));
}
