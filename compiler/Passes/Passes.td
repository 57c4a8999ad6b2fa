//===- Passes.td - Every pass of the compiler's middle -------*- tablegen -*-===//
//
// In the order in which the pipeline runs them; docs/RationaleKernel.md has the phases.
// Those that make code are with their backend.
//
//===----------------------------------------------------------------------===//
#ifndef RWKVC_PASSES_TD
#define RWKVC_PASSES_TD

include "mlir/Pass/PassBase.td"

def FoldWeights : Pass<"rwkv-fold-weights", "::mlir::func::FuncOp"> {
  let summary = "Moves what depends on weights alone into the weights";
  let description = [{
    A decay is stored as its logarithm, and every token's embedding is normalised by the
    same ln0: both are computed once, when weights are packed, instead of in every step.
  }];
  let dependentDialects = ["::rwkvc::weight::WeightDialect"];
}

def SetWeightFormat : Pass<"rwkv-set-weight-format", "::mlir::func::FuncOp"> {
  let summary = "Chooses the formats of the matrices";
  let description = [{
    Changes the weights that `rwkv.linear` multiplies with, which are all of the bytes
    that a decoded token streams, and the embedding's table, each by its class (Mixture.h).
    Vectors become f32: they cost next to nothing and rounding them costs accuracy.
  }];
  let options = [Option<"formats", "formats", "std::string", "\"stored\"",
      "what --weights says, with ; for ,">];
  let dependentDialects = ["::rwkvc::weight::WeightDialect"];
}

def RwkvToKernel : Pass<"rwkv-to-kernel", "::mlir::func::FuncOp"> {
  let summary = "Turns every op of the model into one kernel";
  let description = [{
    Whatever implements RecurrenceOpInterface becomes a kernel.scan around its own step,
    so that a new version of the recurrence needs nothing here.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
                           "::rwkvc::kernel::KernelDialect"];
}

def FuseTokenShift : Pass<"kernel-fuse-token-shift", "::mlir::func::FuncOp"> {
  let summary = "Computes a norm, its token shift and all of their mixes in one scan";
  let description = [{
    The inputs of the projections are mixes of the same two rows, so one pass over them
    makes all. A mix that needs a third row is left where that row is made: taking it in
    would make the others wait.
  }];
}

def FuseWkv : Pass<"kernel-fuse-wkv", "::mlir::func::FuncOp"> {
  let summary = "Merges a recurrence with the row-wise work around it";
  let description = [{
    Around a recurrence there are a dozen row-wise ops that see the same groups of
    channels: decay, normalised keys, gates, group norm. Each would cost a barrier and a
    round trip through memory.
  }];
}

def FuseEpilogue : Pass<"kernel-fuse-epilogue", "::mlir::func::FuncOp"> {
  let summary = "Moves element-wise work into the gemm that makes its input";
  let description = [{
    Activations, gates and residual sums act on a gemm's result while it is still in
    registers.
  }];
}

def ObserveInputs : Pass<"kernel-observe-inputs", "::mlir::func::FuncOp"> {
  let summary = "Sums up the products of what each matrix is multiplied with";
  let description = [{
    Gives each input of gemms a scan with a state of its own, [K / N, N, N]: the products of
    every two inputs of a block, over all rows. `rwkvc compile --calibration` runs a program
    like this to learn which errors of a weight others can make up for.
  }];
  let options = [Option<"block", "block", "int64_t", "64", "the most inputs of a block; N divides K">];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::rwkvc::kernel::KernelDialect"];
}

def ExpectZeros : Pass<"kernel-expect-zeros", "::mlir::func::FuncOp"> {
  let summary = "Notes which gemms may leave weights unread, since many of their inputs are zero";
  let description = [{
    The squared relu of channel mix leaves exact zeros. Where its value matrix can be stored
    input by input, the gemm gets the attribute `zeros`: what skipping them, or measuring
    whether that pays, starts from.
  }];
  let options = [Option<"zeros", "zeros", "double", "0", "the share to expect">];
  let dependentDialects = ["::rwkvc::kernel::KernelDialect"];
}

def SkipZeros : Pass<"kernel-skip-zeros", "::mlir::func::FuncOp"> {
  let summary = "Schedules gemms that read no weights of inputs that are zero";
  let description = [{
    Where the share of zeros that is expected of a gemm's inputs is beyond the format's
    break-even, its weight is stored input by input, and a single row skips what it does not
    need. Rows are not quantised for it. Gemms that have a schedule keep it.
  }];
  let options = [
    Option<"backend", "backend", "std::string", "\"llvm\"", "who lowers the kernels">,
    Option<"vectorRegisters", "vector-registers", "int64_t", "16", "of the target">,
    Option<"vectorBits", "vector-bits", "int64_t", "256", "of one of them">];
  let dependentDialects = ["::rwkvc::kernel::KernelDialect"];
}

def SplitByRows : Pass<"kernel-split-by-rows", "::mlir::ModuleOp"> {
  let summary = "Makes a program for one row, one for a few and one for many";
  let description = [{
    One row is bound by memory, many by arithmetic: from here on each number of rows has
    kernels of its own, over the same weights and states. The step picks the program.
  }];
  let options = [Option<"few", "few", "int64_t", "16", "the most rows that are a few">];
}

def QuantizeActivations : Pass<"kernel-quantize-activations", "::mlir::func::FuncOp"> {
  let summary = "Gives gemms rows that their weights' dot product takes";
  let description = [{
    Products of integers, or of pairs of bf16, need a fraction of the instructions of f32. A
    program for single rows rounds little, since it waits for memory: bf16 weights keep rows
    of f32, and q8 weights get 16 bits, with a scale for each group of inputs. Where there
    are more rows these become bf16 and 8 bits.
  }];
  let options = [
    Option<"order", "order", "std::string", "\"pairs\"", "bytes or pairs: what the target's dot product takes">,
    Option<"manyBytes", "many-bytes", "bool", "false", "whether several rows become bytes, and groups are joined">,
    Option<"bf16", "bf16", "bool", "false", "whether the target has a dot product of bf16">];
  let dependentDialects = ["::rwkvc::kernel::KernelDialect"];
}

def UseRecords : Pass<"kernel-use-records", "::mlir::ModuleOp"> {
  let summary = "Gives gemms the schedules that were measured to be fastest";
  let description = [{
    Records are found by what a kernel is and by the CPU (docs/Tuning.md). A weight has one
    layout for every number of rows: its gemms take their records if each of them has one,
    and all of these have the same layout. Else they take, in the panel that has the nearest
    ones, what was measured of the same rows and formats over weights of nearly the same
    size. Kernels that have a schedule keep it. Where zeros are expected, records that were
    measured with as many count before those without.
  }];
  let options = [
    Option<"file", "file", "std::string", "\"\"", "of records; none for those that come with the compiler">,
    Option<"cpu", "cpu", "std::string", "\"\"", "LLVM's name of the CPU">];
  let dependentDialects = ["::rwkvc::kernel::KernelDialect"];
}

def Schedule : Pass<"kernel-schedule", "::mlir::func::FuncOp"> {
  let summary = "Gives each kernel its default schedule and each weight its layout";
  let description = [{
    The analytic model: a gemm's register tile fills the vector registers of the target,
    and its panel is the widest one that pads the outputs least. Kernels that have a
    schedule keep it.
  }];
  let options = [
    Option<"backend", "backend", "std::string", "\"llvm\"", "who lowers the kernels">,
    Option<"vectorRegisters", "vector-registers", "int64_t", "16", "of the target">,
    Option<"vectorBits", "vector-bits", "int64_t", "256", "of one of them">,
    Option<"prefetch", "prefetch", "int64_t", "0", "bytes of a weight that a single row asks for ahead">];
  let dependentDialects = ["::rwkvc::kernel::KernelDialect", "::rwkvc::weight::WeightDialect"];
}

def FormParallel : Pass<"kernel-form-parallel", "::mlir::func::FuncOp"> {
  let summary = "Groups kernels that do not depend on each other";
  let description = [{
    Each region costs one barrier. A kernel goes into the earliest region that it can be
    in; the order within a region is that of the program.
  }];
}

def Outline : Pass<"kernel-outline", "::mlir::ModuleOp"> {
  let summary = "Makes each distinct kernel a function";
  let description = [{
    The layers of a model are the same code on other weights: equal kernels share one
    function, so code size and compile time do not grow with the number of layers.
  }];
  let dependentDialects = ["::mlir::func::FuncDialect"];
}

def PlanMemory : Pass<"kernel-plan-memory", "::mlir::ModuleOp"> {
  let summary = "Gives every value of the step its place";
  let description = [{
    Weights lie in the order in which a token reads them, vectors before matrices. States
    lie in the order of the arguments and are updated in place. Activations share one
    arena, by the parallel regions in which they live; a gemm may write over a row operand
    of its epilogue that nobody reads afterwards.
  }];
  let dependentDialects = ["::rwkvc::kernel::KernelDialect"];
}

def VerifyInvariants : Pass<"rwkv-verify-phase", "::mlir::ModuleOp"> {
  let summary = "Checks that the IR is what the phase promises";
  let options = [Option<"phase", "phase", "std::string", "\"\"",
      "import, fold, kernel, fuse, schedule, parallel or plan">];
}

#endif // RWKVC_PASSES_TD
