//===- KernelDialect.cpp - Registers the kernel dialect -------------------===//
#include "dialects/Kernel/Kernel.h"
#include "dialects/Quant/Format.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

#include "dialects/Kernel/KernelDialect.cpp.inc"
#include "dialects/Kernel/KernelEnums.cpp.inc"
#include "dialects/Kernel/KernelInterface.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/Kernel/KernelAttrs.cpp.inc"

#define GET_OP_CLASSES
#include "dialects/Kernel/KernelOps.cpp.inc"

using namespace mlir;
using namespace rwkvc::kernel;

/// Whole steps of every weight format, and more than any model has.
static constexpr int64_t kTileInputs = 64, kMostTileInputs = 1 << 16;

/// More than any panel.
static constexpr int64_t kMostPrefetch = 1 << 26;

void KernelDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/Kernel/KernelAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/Kernel/KernelOps.cpp.inc"
      >();
}

LogicalResult ScheduleAttr::verify(function_ref<InFlightDiagnostic()> emitError, StringRef backend, int64_t panel,
                                   int64_t tileRows, int64_t tileColumns, int64_t block, int64_t mostRows, bool,
                                   int64_t tileInputs, int64_t prefetch) {
  if (backend.empty())
    return emitError() << "a schedule needs a backend";
  if (panel < weight::kLanes || panel > 256 || panel % weight::kLanes)
    return emitError() << "'panel' is " << panel << ", but must be a multiple of " << weight::kLanes << " up to 256";
  if (tileRows < 1 || tileRows > 32)
    return emitError() << "'tile_rows' is " << tileRows << ", but must be 1 to 32";
  if (tileColumns < weight::kLanes || tileColumns % weight::kLanes || panel % tileColumns)
    return emitError() << "'tile_columns' is " << tileColumns << ", but must be a multiple of " << weight::kLanes
                       << " that divides the panel of " << panel;
  if (mostRows < 0)
    return emitError() << "'most_rows' is " << mostRows << ", but must be a number of rows, or 0 for any";
  if (block < weight::kLanes || block % weight::kLanes)
    return emitError() << "'block' is " << block << ", but must be a multiple of " << weight::kLanes;
  if (tileInputs < 0 || tileInputs > kMostTileInputs || tileInputs % kTileInputs)
    return emitError() << "'tile_inputs' is " << tileInputs << ", but must be a multiple of " << kTileInputs << " up to "
                       << kMostTileInputs << ", or 0";
  if (prefetch < 0 || prefetch > kMostPrefetch)
    return emitError() << "'prefetch' is " << prefetch << ", but must be bytes up to " << kMostPrefetch
                       << ", or 0 for what the kernel does by itself";
  return success();
}
