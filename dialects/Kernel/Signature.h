//===- Signature.h - What a kernel is, but for its schedule ------*- C++ -*-===//
#ifndef DIALECTS_KERNEL_SIGNATURE_H
#define DIALECTS_KERNEL_SIGNATURE_H

#include "dialects/Kernel/Kernel.h"
#include <string>

namespace rwkvc::kernel {

/// What measured schedules are found by: two kernels have the same code under one schedule if this text is the same.
/// `format` is what the weight is stored in, and `mostRows` as in a schedule.
///
/// "gemm rows=1 x=i16/32 weight=q8 8192x2048 body=maximumf+mulf zeros=0.90 #0a1b2c3d": rounded rows with their group,
/// outputs x inputs, the ops of the body, the share of zeros that is expected of the rows, if there is one and
/// `withZeros`, and a hash of all of it and what it leaves out.
std::string signatureOf(GemmOp gemm, llvm::StringRef format, int64_t mostRows, bool withZeros = true);

/// The same of a scan. Groups never see each other, so that their number does not count.
///
/// "scan rows=1 group=64 states=1 ops=57 #0a1b2c3d"
std::string signatureOf(ScanOp scan, int64_t mostRows);

} // namespace rwkvc::kernel

#endif // DIALECTS_KERNEL_SIGNATURE_H
