// NumPy's format version 1.0: magic, a Python dictionary padded to 64 bytes, then the floats.
#include "runtime/tools/NpyWriter.h"

#include "runtime/tools/Handles.h"

#include <cassert>
#include <cerrno>
#include <cstring>
#include <unistd.h>

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

NpyWriter::NpyWriter(std::string givenPath, const std::vector<uint64_t> &shape)
    : path(std::move(givenPath)), beside(path + "." + std::to_string(getpid()) + ".tmp"),
      file(fopen(beside.c_str(), "wbxe")), missing(1) {
  if (!file)
    refuse();
  for (uint64_t extent : shape)
    missing *= extent;
  std::string header = npyHeader(shape);
  if (fwrite(header.data(), 1, header.size(), file) != header.size())
    refuse();
}

NpyWriter::~NpyWriter() {
  if (!file)
    return;
  fclose(file);
  unlink(beside.c_str());
}

void NpyWriter::refuse() {
  std::string reason = strerror(errno);
  if (file) {
    fclose(file);
    unlink(beside.c_str());
    file = nullptr;
  }
  die("cannot write '" + path + "': " + reason);
}

void NpyWriter::append(const float *floats, uint64_t count) {
  assert(count <= missing && "more floats than the shape has");
  if (fwrite(floats, sizeof(float), count, file) != count)
    refuse();
  missing -= count;
}

void NpyWriter::finish() {
  assert(missing == 0 && "fewer floats than the shape has");
  int failed = fclose(file);
  file = nullptr;
  if (failed || rename(beside.c_str(), path.c_str()) != 0) {
    int error = errno;
    unlink(beside.c_str());
    errno = error;
    refuse();
  }
}
