//===- Quantize.td - kernel.quantize ------------------------*- tablegen -*-===//
#ifndef RWKVC_KERNEL_QUANTIZE_TD
#define RWKVC_KERNEL_QUANTIZE_TD

include "dialects/Kernel/KernelInterface.td"
include "dialects/Kernel/Schedule.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Kernel_ByteOrder : I32EnumAttr<"ByteOrder", "which bytes of a group lie together", [
    I32EnumAttrCase<"Bytes", 0, "bytes">,
    I32EnumAttrCase<"Pairs", 1, "pairs">]> {
  let cppNamespace = "::rwkvc::kernel";
  let genSpecializedAttr = 0;
}

def Kernel_GroupsAttr : AttrDef<Kernel_Dialect, "Groups"> {
  let mnemonic = "groups";
  let summary = "How quantised rows lie in memory.";
  let description = [{
    The encoding of a tensor of integers of `bits` bits, 8 or 16. A row is its
    groups of `size` inputs, one after the other, the last one padded with
    zeros. A group is its integers; then its scale, an f32; then -128 times the
    sum of its integers, an i32, which is what unsigned weights add too much.

    With `order` = `bytes`, integers are signed bytes, as vpdpbusd takes them.
    Those of 16 bits are all of their upper bytes and then all of their lower
    ones: an integer is 256 * upper + lower. With `pairs`, integers are 16-bit
    words, those of even and then those of odd position, as vpmaddwd takes them.

    Example:
    `tensor<?x2048xi16, #kernel.groups<size = 32, bits = 16, order = bytes>>`.
  }];
  let parameters = (ins "int64_t":$size, "int64_t":$bits, EnumParameter<Kernel_ByteOrder>:$order);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    int64_t getIntegerBytes() {
      return getSize() * (getOrder() == ::rwkvc::kernel::ByteOrder::Pairs ? 2 : getBits() / 8);
    }
    int64_t getGroupBytes() { return getIntegerBytes() + 8; }

    /// The largest magnitude of an integer.
    int64_t getLargest() { return getBits() == 8 ? 127 : 32512; }
    int64_t getRowBytes(int64_t channels) {
      return (channels + getSize() - 1) / getSize() * getGroupBytes();
    }
  }];
}

def Kernel_QuantizeOp : Kernel_Op<"quantize", [
    Pure,
    DeclareOpInterfaceMethods<Kernel_KernelOpInterface,
        ["getUnits", "getUnitColumns", "getUnitCost", "getRowSource"]>]> {
  let summary = "Rows rounded to integers, each group with a scale, or to bf16.";
  let description = [{
    Semantics, for each row and group:

    ```
    scale = max |x| / largest      // 0 if that is 0
    q[i]  = x[i] / scale, rounded to the nearest integer
    ```

    `largest` is 127 for 8 bits. For 16 bits it is 32512 = 127 * 256: the upper
    byte of every integer is then at most 127 after the lower one has been
    rounded off.

    To bf16, each element is rounded to the nearest, ties to even. A row is
    whole pairs of elements, the last one padded with zero.

    Constraints:

    * (C1) The result is [M, C], as `x` is. If it is not of bf16, its encoding
      is #kernel.groups, whose `bits` are those of the element type.
    * (C2) A scheduled block is whole groups.

    A unit reads what the same unit of the kernel before it has made, if the
    units of both hold the same columns. No barrier is then needed between them.

    Example:

    ```mlir
    %q = kernel.quantize %x : tensor<?x64xf32>
        -> tensor<?x64xi16, #kernel.groups<size = 32, bits = 16, order = bytes>>
    ```
  }];
  let arguments = (ins 2DTensorOf<[F32]>:$x, OptionalAttr<Kernel_ScheduleAttr>:$schedule);
  let results = (outs 2DTensorOf<[I8, I16, BF16]>:$result);
  let assemblyFormat = [{
    $x (`schedule` $schedule^)? attr-dict `:` type($x) `->` type($result)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// Null if the result is of bf16.
    ::rwkvc::kernel::GroupsAttr getGroups();

    /// Whether a thread may quantise its units of what `maker` makes as soon as
    /// it has made them: nobody else's are needed.
    bool mayFollow(::rwkvc::kernel::KernelOpInterface maker);
  }];
}

#endif // RWKVC_KERNEL_QUANTIZE_TD
