// RUN: rwkv-opt %s --verify-diagnostics --pass-pipeline="builtin.module(rwkv-verify-phase{phase=lunch})"
// A phase that does not exist is not a phase that holds.

// expected-error @+1 {{there is no phase 'lunch'}}
module {}
