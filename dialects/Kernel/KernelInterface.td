//===- KernelInterface.td - What all kernels share ----------*- tablegen -*-===//
#ifndef RWKVC_KERNEL_INTERFACE_TD
#define RWKVC_KERNEL_INTERFACE_TD

include "mlir/IR/OpBase.td"

def Kernel_KernelOpInterface : OpInterface<"KernelOpInterface"> {
  let cppNamespace = "::rwkvc::kernel";
  let description = [{
    A loop nest over rows and columns. Threads share it by ranges of units;
    a unit is a number of neighbouring output columns.
  }];
  let methods = [
    InterfaceMethod<"The schedule, or null before the schedule phase.",
      "::rwkvc::kernel::ScheduleAttr", "getScheduleAttr">,
    InterfaceMethod<"Sets the schedule.", "void", "setScheduleAttr",
      (ins "::rwkvc::kernel::ScheduleAttr":$schedule)>,
    InterfaceMethod<"Units of work, under the schedule.", "int64_t", "getUnits">,
    InterfaceMethod<"Output columns of a unit; the last one may have fewer.",
      "int64_t", "getUnitColumns">,
    InterfaceMethod<"Bytes that a unit moves for one row: what balances threads.",
      "int64_t", "getUnitCost">,
    InterfaceMethod<[{
        The value whose first dimension is the kernel's number of rows.
      }], "::mlir::Value", "getRowSource">,
    InterfaceMethod<"Carried states before the first row.",
      "::mlir::OperandRange", "getInitialStates", (ins), [{}], [{
        return $_op->getOperands().take_back(0);
      }]>,
  ];
}

#endif // RWKVC_KERNEL_INTERFACE_TD
