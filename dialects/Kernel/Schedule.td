//===- Schedule.td - The schedule of a kernel ---------------*- tablegen -*-===//
//
// Numbers that change a kernel's speed and never its result. To add a tunable, add a
// field here, its range to ScheduleAttr::verify and its default to the schedule pass.
//
//===----------------------------------------------------------------------===//

#ifndef RWKVC_KERNEL_SCHEDULE_TD
#define RWKVC_KERNEL_SCHEDULE_TD

include "dialects/Kernel/KernelDialect.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"

def Kernel_ScheduleAttr : AttrDef<Kernel_Dialect, "Schedule"> {
  let mnemonic = "schedule";
  let summary = "How a kernel is run.";
  let description = [{
    * `backend`: who lowers the kernel; a name in compiler/Backends.
    * `panel`: outputs in one packed panel of a gemm's weight, which is also a
      gemm's unit of work. All kernels of one weight must agree.
    * `tile_rows`, `tile_columns`: a gemm's register tile. `tile_columns`
      divides `panel` and is a multiple of 16. `tile_rows` of a scan with a
      matrix as a state: its rows that are visited together.
    * `most_rows`: the most rows that a gemm is ever given; 0 if there may be
      any number.
    * `skip_zeros`: a single row's gemm reads the weights of those inputs alone
      that are not zero. Its weight is input-major.
    * `tile_inputs`: inputs that all rows of a gemm of many rows are multiplied
      with before the next ones, while sums wait in memory; 0 for as many as a
      kernel does by itself, which are all unless it widens its weight.
    * `prefetch`: bytes from what a gemm's tile reads of its weight to what it
      asks memory for meanwhile; 0 for what a kernel does by itself, which is
      the next panel if it has a few rows and nothing else.
    * `block`: channels in a unit of work of a scan or a gather whose rows are
      not split into groups.

    Example: `#kernel.schedule<backend = "llvm", panel = 64, tile_rows = 6,
    tile_columns = 64, block = 64>`.
  }];
  let parameters = (ins StringRefParameter<"backend">:$backend,
                        "int64_t":$panel, "int64_t":$tile_rows,
                        "int64_t":$tile_columns, "int64_t":$block,
                        DefaultValuedParameter<"int64_t", "0">:$most_rows,
                        DefaultValuedParameter<"bool", "false">:$skip_zeros,
                        DefaultValuedParameter<"int64_t", "0">:$tile_inputs,
                        DefaultValuedParameter<"int64_t", "0">:$prefetch);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def Kernel_Space : I32EnumAttr<"Space", "where a value lives during a step", [
    I32EnumAttrCase<"Arena", 0, "arena">,
    I32EnumAttrCase<"Weights", 1, "weights">,
    I32EnumAttrCase<"State", 2, "state">,
    I32EnumAttrCase<"Logits", 3, "logits">,
    I32EnumAttrCase<"Tokens", 4, "tokens">,
    I32EnumAttrCase<"Wanted", 5, "wanted">]> {
  let cppNamespace = "::rwkvc::kernel";
  let genSpecializedAttr = 0;
}

def Kernel_PlaceAttr : AttrDef<Kernel_Dialect, "Place"> {
  let mnemonic = "place";
  let summary = "The address of a value during a step.";
  let description = [{
    `offset` is in bytes from the start of the space; in the arena, whose
    buffers grow with the rows of the step, in bytes per row.

    Example: `#kernel.place<arena, 4096>`.
  }];
  let parameters = (ins EnumParameter<Kernel_Space>:$space, "int64_t":$offset);
  let assemblyFormat = "`<` $space `,` $offset `>`";
}

#endif // RWKVC_KERNEL_SCHEDULE_TD
