// RUN: rwkv-opt %s --split-input-file --verify-diagnostics
// A schedule that no kernel can have is refused where it is written.

// expected-error @+1 {{a schedule needs a backend}}
module attributes {s = #kernel.schedule<backend = "", panel = 64, tile_rows = 6, tile_columns = 64, block = 64>} {}

// -----

// expected-error @+1 {{'panel' is 24, but must be a multiple of 16 up to 256}}
module attributes {s = #kernel.schedule<backend = "llvm", panel = 24, tile_rows = 6, tile_columns = 64, block = 64>} {}

// -----

// expected-error @+1 {{'tile_rows' is 0, but must be 1 to 32}}
module attributes {s = #kernel.schedule<backend = "llvm", panel = 64, tile_rows = 0, tile_columns = 64, block = 64>} {}

// -----

// expected-error @+1 {{'tile_columns' is 48, but must be a multiple of 16 that divides the panel of 64}}
module attributes {s = #kernel.schedule<backend = "llvm", panel = 64, tile_rows = 6, tile_columns = 48, block = 64>} {}

// -----

// expected-error @+1 {{'block' is 8, but must be a multiple of 16}}
module attributes {s = #kernel.schedule<backend = "llvm", panel = 64, tile_rows = 6, tile_columns = 64, block = 8>} {}

// -----

// expected-error @+1 {{'most_rows' is -1, but must be a number of rows, or 0 for any}}
module attributes {s = #kernel.schedule<backend = "llvm", panel = 64, tile_rows = 6, tile_columns = 64, block = 64, most_rows = -1>} {}

// -----

// expected-error @+1 {{'tile_inputs' is 100, but must be a multiple of 64 up to 65536, or 0}}
module attributes {s = #kernel.schedule<backend = "llvm", panel = 64, tile_rows = 6, tile_columns = 64, block = 64, tile_inputs = 100>} {}

// -----

// expected-error @+1 {{'prefetch' is -64, but must be bytes up to 67108864, or 0 for what the kernel does by itself}}
module attributes {s = #kernel.schedule<backend = "llvm", panel = 64, tile_rows = 6, tile_columns = 64, block = 64, prefetch = -64>} {}
