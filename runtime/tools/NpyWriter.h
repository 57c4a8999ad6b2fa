// A float32 .npy file, written row by row: logits of a long text need not fit in memory.
#ifndef RUNTIME_TOOLS_NPYWRITER_H
#define RUNTIME_TOOLS_NPYWRITER_H

#include "runtime/host/NewFile.h"

#include <cstdint>
#include <string>
#include <vector>

namespace rwkvc {

// Every failure ends the verb with a sentence, and nothing is left of an unfinished file.
class NpyWriter {
public:
  NpyWriter(std::string path, const std::vector<uint64_t> &shape);
  NpyWriter(const NpyWriter &) = delete;
  NpyWriter &operator=(const NpyWriter &) = delete;

  void append(const float *floats, uint64_t count);
  void finish(); // after as many floats as the shape has

private:
  void write(const void *from, uint64_t bytes);

  std::string path;
  NewFile file;
  uint64_t missing; // floats
};

} // namespace rwkvc

#endif // RUNTIME_TOOLS_NPYWRITER_H
