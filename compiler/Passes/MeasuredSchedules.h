//===- MeasuredSchedules.h - What records say of one CPU ---------*- C++ -*-===//
#ifndef COMPILER_PASSES_MEASUREDSCHEDULES_H
#define COMPILER_PASSES_MEASUREDSCHEDULES_H

#include "dialects/Kernel/Kernel.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include <set>
#include <string>
#include <vector>

namespace rwkvc::passes {

class MeasuredSchedules {
public:
  struct Kernel {
    std::string text;              // of the schedule
    kernel::ScheduleAttr schedule; // null if the text is none
    std::string kind;              // rows, their type, the weight's format; empty if nothing may be learned from it
    int64_t outputs, inputs;       // of the weight
  };
  struct Near {
    kernel::ScheduleAttr schedule; // leaves the backend open: what it takes may depend on the size
    double distance;               // between the sizes of the weights, in powers of two
  };

  /// Of the records in `file`, or of those that come with the compiler if it is empty, the last best ones for `cpu`.
  static llvm::Expected<MeasuredSchedules> load(llvm::StringRef file, llvm::StringRef cpu, mlir::MLIRContext *context);

  bool empty() const { return kernels.empty(); }

  /// Panels that occur.
  const std::set<int64_t> &panels() const { return allPanels; }

  /// What was measured of the kernel with this signature (dialects/Kernel/Signature.h); null if nothing was.
  const Kernel *find(llvm::StringRef signature) const;

  /// What was measured in this panel of a kernel with the same rows and formats, and a weight of nearly the same size.
  std::optional<Near> findNear(llvm::StringRef signature, int64_t panel) const;

private:
  llvm::StringMap<Kernel> kernels; // by signature
  std::set<int64_t> allPanels;
};

} // namespace rwkvc::passes

#endif // COMPILER_PASSES_MEASUREDSCHEDULES_H
