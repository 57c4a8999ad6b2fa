// Which of the instruction sets that a module names this machine has. Names are LLVM's.
#ifndef RUNTIME_SRC_CPUFEATURES_H
#define RUNTIME_SRC_CPUFEATURES_H

#include <string_view>

namespace rwkvc {

enum class CpuFeature { Present, Absent, Unknown };

// Present means that the CPU has it and the operating system saves its registers.
CpuFeature findCpuFeature(std::string_view name);

} // namespace rwkvc

#endif // RUNTIME_SRC_CPUFEATURES_H
