// What this machine can do at best, measured by the simplest loop that does it: the yardstick that bench holds a
// model's numbers against.
#ifndef RUNTIME_TOOLS_PROBE_H
#define RUNTIME_TOOLS_PROBE_H

#include <cstddef>
#include <cstdint>
#include <optional>

namespace rwkvc {

// Memory that no cache holds, read as one sequential stream a thread.
class ReadProbe {
public:
  ReadProbe(unsigned threads, uint64_t bytes); // ends the verb if there is no memory
  ReadProbe(const ReadProbe &) = delete;
  ReadProbe &operator=(const ReadProbe &) = delete;
  ~ReadProbe();

  double measure() const; // GB/s, over some 4 GiB

private:
  unsigned threads;
  uint64_t bytesPerThread;
  std::byte *memory;
};

// GFLOP/s with operands in registers, two operations a multiply-add.
double measureF32Peak(unsigned threads);
std::optional<double> measureBF16Peak(unsigned threads); // vdpbf16ps; none where the CPU has none
std::optional<double> measureInt8Peak(unsigned threads); // vpdpbusd, likewise

} // namespace rwkvc

#endif // RUNTIME_TOOLS_PROBE_H
