// RUN: split-file %s %t
// RUN: rwkv-opt %t/model.mlir --kernel-use-records="file=%t/records.jsonl cpu=this" | FileCheck %s
// RUN: rwkv-opt %t/model.mlir --kernel-use-records="file=%t/records.jsonl cpu=another" | FileCheck %s --check-prefix=NONE --implicit-check-not=schedule
// NONE: @forward

// Weights of nearly the same size lend their schedules, but for the backend. Of two panels the one from the nearest weight is
// taken, and its last record; those of zeros that were expected are nobody else's.
// CHECK: schedule <backend = "auto", panel = 32, tile_rows = 5, tile_columns = 32, block = 64> {
// CHECK: tensor<96x64xbf16>

// Panels of 32 would pad 80 outputs by a fifth; those of 16 are of a weight farther away.
// CHECK: schedule <backend = "auto", panel = 16, tile_rows = 6, tile_columns = 16, block = 64> {
// CHECK: tensor<80x64xbf16>

// Too far from all of them; and of another format.
// CHECK-NOT: schedule
// CHECK: tensor<2048x64xbf16>
// CHECK-NOT: schedule
// CHECK: tensor<96x64xf16>

// As many inputs at a time as there are is not what was measured, but half of them is.
// CHECK: schedule <backend = "auto", panel = 16, tile_rows = 7, tile_columns = 16, block = 64, tile_inputs = 64> {
// CHECK: tensor<32x128xbf16>

//--- records.jsonl
{"record":"best","kernel":"gemm rows=any x=f32 weight=bf16 64x64 body=none #00000001","cpu":"this","features":"","compiler":"0.1.0","schedule":"#kernel.schedule<backend = \"halide\", panel = 32, tile_rows = 4, tile_columns = 32, block = 64>","verdict":"ok","threads":2,"rows":8,"ns":1,"ratio":0.9,"spread":0,"bytes":1,"operations":1}
{"record":"best","kernel":"gemm rows=any x=f32 weight=bf16 64x64 body=none #00000001","cpu":"this","features":"","compiler":"0.1.0","schedule":"#kernel.schedule<backend = \"halide\", panel = 32, tile_rows = 5, tile_columns = 32, block = 64>","verdict":"ok","threads":2,"rows":8,"ns":1,"ratio":0.9,"spread":0,"bytes":1,"operations":1}
{"record":"best","kernel":"gemm rows=any x=f32 weight=bf16 160x64 body=none #00000002","cpu":"this","features":"","compiler":"0.1.0","schedule":"#kernel.schedule<backend = \"halide\", panel = 16, tile_rows = 6, tile_columns = 16, block = 64>","verdict":"ok","threads":2,"rows":8,"ns":1,"ratio":0.9,"spread":0,"bytes":1,"operations":1}
{"record":"best","kernel":"gemm rows=any x=f32 weight=bf16 32x256 body=none #00000003","cpu":"this","features":"","compiler":"0.1.0","schedule":"#kernel.schedule<backend = \"halide\", panel = 16, tile_rows = 7, tile_columns = 16, block = 64, tile_inputs = 64>","verdict":"ok","threads":2,"rows":8,"ns":1,"ratio":0.9,"spread":0,"bytes":1,"operations":1}
{"record":"best","kernel":"gemm rows=any x=f32 weight=bf16 96x64 body=none zeros=0.90 #00000004","cpu":"this","features":"","compiler":"0.1.0","schedule":"#kernel.schedule<backend = \"halide\", panel = 32, tile_rows = 8, tile_columns = 32, block = 64>","verdict":"ok","threads":2,"rows":8,"ns":1,"ratio":0.9,"spread":0,"bytes":1,"operations":1}
//--- model.mlir
func.func @forward(%a: tensor<?x64xf32>, %b: tensor<?x128xf32>) {
  %w0 = weight.tensor "w0" stored "bf16" : tensor<96x64xbf16>
  %y0 = kernel.gemm %a, %w0 {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<96x64xbf16> -> tensor<?x96xf32>
  %w1 = weight.tensor "w1" stored "bf16" : tensor<80x64xbf16>
  %y1 = kernel.gemm %a, %w1 {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<80x64xbf16> -> tensor<?x80xf32>
  %w2 = weight.tensor "w2" stored "bf16" : tensor<2048x64xbf16>
  %y2 = kernel.gemm %a, %w2 {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<2048x64xbf16> -> tensor<?x2048xf32>
  %w3 = weight.tensor "w3" stored "f16" : tensor<96x64xf16>
  %y3 = kernel.gemm %a, %w3 {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x64xf32>, tensor<96x64xf16> -> tensor<?x96xf32>
  %w4 = weight.tensor "w4" stored "bf16" : tensor<32x128xbf16>
  %y4 = kernel.gemm %b, %w4 {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x128xf32>, tensor<32x128xbf16> -> tensor<?x32xf32>
  return
}
