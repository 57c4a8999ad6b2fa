//===- WithBackend.h - A schedule in somebody's hands ------------*- C++ -*-===//
#ifndef DIALECTS_KERNEL_WITHBACKEND_H
#define DIALECTS_KERNEL_WITHBACKEND_H

#include "dialects/Kernel/Kernel.h"

namespace rwkvc::kernel {

/// Leaves open who lowers a kernel, until kernel-choose-backend says it.
inline constexpr llvm::StringLiteral kAnyBackend = "auto";

inline ScheduleAttr withBackend(ScheduleAttr schedule, llvm::StringRef backend) {
  return ScheduleAttr::get(schedule.getContext(), backend, schedule.getPanel(), schedule.getTileRows(),
                           schedule.getTileColumns(), schedule.getBlock(), schedule.getMostRows(),
                           schedule.getSkipZeros(), schedule.getTileInputs(), schedule.getPrefetch());
}

} // namespace rwkvc::kernel

#endif // DIALECTS_KERNEL_WITHBACKEND_H
