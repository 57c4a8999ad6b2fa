//===- Phases.h - The order in which a model is compiled ---------*- C++ -*-===//
//
// Each phase is a named point: its IR can be printed, replayed with rwkv-opt, and is checked against what the phase
// promises. To add a pass, add it to its phase in Phases.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_PIPELINE_PHASES_H
#define COMPILER_PIPELINE_PHASES_H

#include "compiler/Backends/LLVM/Target.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/Error.h"
#include <string>

namespace rwkvc {

struct PhaseOptions {
  Target target;
  std::string weights = "stored";   // format of the matrices
  std::string activations = "auto"; // what weights are multiplied with: auto, which may round, or f32
  std::string backend = "llvm";     // who lowers kernels whose schedule leaves it open: a name, or auto
  std::string schedules = "default"; // records of a file, those that come with the compiler, or none
  std::string autoscheduler = {};   // of Halide's pipelines; empty for the kernels' schedules
  double zeros = 0;                 // the share to expect in channel mix's squared relu; 0 for no promise
  bool skipsZeros = true;           // where so many are expected that it pays
  int64_t maxRows = 512;            // most rows in one step; activations grow with them
  int64_t observe = 0;              // inputs of matrices whose products the state sums up; 0 for none
};

struct Phase {
  llvm::StringLiteral name;
  llvm::StringLiteral summary;
  void (*add)(mlir::OpPassManager &passes, const PhaseOptions &options);
};

/// In order. The first one is what the frontends have made.
llvm::ArrayRef<Phase> phases();

/// Refuses an unknown name with the list of all.
llvm::Expected<const Phase *> findPhase(llvm::StringRef name);

/// The phase's passes as rwkv-opt --pass-pipeline takes them.
std::string pipelineText(const Phase &phase, mlir::MLIRContext *context, const PhaseOptions &options);

/// Runs the phases after `from` (null: from the start) up to and with `to`, and checks what each promises. The error is
/// the first diagnostic.
llvm::Error runPhases(mlir::ModuleOp module, const PhaseOptions &options, const Phase *from, const Phase *to);

} // namespace rwkvc

#endif // COMPILER_PIPELINE_PHASES_H
