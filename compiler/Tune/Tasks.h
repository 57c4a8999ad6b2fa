//===- Tasks.h - The kernels of a model whose schedules count ----*- C++ -*-===//
#ifndef COMPILER_TUNE_TASKS_H
#define COMPILER_TUNE_TASKS_H

#include "compiler/Backends/Backend.h"
#include "compiler/Tune/Space.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include <optional>
#include <string>
#include <vector>

namespace rwkvc::tune {

/// A distinct gemm or scan of a model, in the program for some number of rows.
struct Task {
  std::string signature;       // dialects/Kernel/Signature.h
  mlir::func::FuncOp function; // holds it, with the default schedule
  Point standard;              // that one
  int64_t mostRows;            // 1, a few, or 0 for any number
  int64_t rows;                // that it is measured with
  int64_t calls;               // in a step
  unsigned group;              // tasks of one group read the same weights, in one layout
  int64_t outputs, inputs;     // of the weight; of a scan, its channels, and 1
  double coldBytes;            // of the weight, under the default schedule, or of the states: what comes from memory
  bool isScan = false;
  bool isInteger = false;  // sums integers
  bool isWidened = false;  // copies blocks of its weight
  bool isLookedUp = false; // has weights of 4 bits
  double zeros = 0;        // the share that is expected of the rows; 0 if they cannot be skipped

  int64_t operations() const { return isScan ? 0 : 2 * rows * outputs * inputs; }
};

/// The gemms and scans of `module`, which is as phase `parallel` leaves it where no schedule skips zeros. `manyRows` stands
/// for any number of rows.
std::vector<Task> findTasks(mlir::ModuleOp module, int64_t manyRows);

/// Schedules of `task` that are worth a try, in the code of the LLVM backend.
std::vector<Point> spaceOf(const Task &task, const KernelShape &shape, const Machine &machine);

/// Of `space`, which is the LLVM backend's: what the backend `name` makes other code of and takes, for it.
std::vector<Point> pointsOf(llvm::StringRef name, const Task &task, const std::vector<Point> &space,
                            const KernelTarget &target);

/// The task's schedule with the numbers of `point`, as text.
std::string scheduleText(const Task &task, const Point &point);

/// The point of a schedule's text; none if it is no schedule of this task.
std::optional<Point> pointOf(const Task &task, llvm::StringRef schedule);

/// A module with a function for each of `points`: the task's kernel under that schedule, over a weight of its layout.
/// Function number i is @kernel_i.
std::string candidatesText(const Task &task, const std::vector<Point> &points);

} // namespace rwkvc::tune

#endif // COMPILER_TUNE_TASKS_H
