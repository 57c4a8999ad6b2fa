//===- RWKVOps.td - Every operation of the rwkv dialect ----*- tablegen -*-===//
//
// Only gathers the files. Shapes use one alphabet: T tokens, C channels, H heads, N
// channels per head (C = H * N), V vocabulary.
//
//===----------------------------------------------------------------------===//
#ifndef RWKV_OPS_TD
#define RWKV_OPS_TD

include "dialects/RWKV/Gathers.td"
include "dialects/RWKV/Linear.td"
include "dialects/RWKV/Norms.td"
include "dialects/RWKV/RowArithmetic.td"
include "dialects/RWKV/TokenMix.td"
include "dialects/RWKV/Wkv4.td"
include "dialects/RWKV/Wkv5.td"
include "dialects/RWKV/Wkv6.td"
include "dialects/RWKV/Wkv7.td"

#endif // RWKV_OPS_TD
