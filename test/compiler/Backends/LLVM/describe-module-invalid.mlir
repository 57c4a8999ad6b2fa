// RUN: rwkv-opt %s --split-input-file --verify-diagnostics --kernel-describe-module
// There is nothing to say of a module that is not planned, or that is no model.

// expected-error @+1 {{has no planned @forward}}
module {
  func.func @forward(%tokens: tensor<?xi32>, %wanted: tensor<?xi32>) {
    return
  }
}

// -----

// expected-error @+1 {{does not say which model it is: 'rwkv.model' is missing}}
module {
  func.func @forward(%tokens: tensor<?xi32>, %wanted: tensor<?xi32>)
      attributes {kernel.arena_row_bytes = 0 : i64, kernel.state_bytes = 0 : i64} {
    return
  }
}
