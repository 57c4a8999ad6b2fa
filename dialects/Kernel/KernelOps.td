//===- KernelOps.td - Operations of the kernel dialect ------*- tablegen -*-===//
//
// One file an op; this one only lists them.
//
//===----------------------------------------------------------------------===//
include "dialects/Kernel/Gemm.td"
include "dialects/Kernel/Scan.td"
include "dialects/Kernel/Gather.td"
include "dialects/Kernel/Quantize.td"
include "dialects/Kernel/Body.td"
include "dialects/Kernel/Step.td"
