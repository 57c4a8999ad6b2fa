//===- Tasks.h - The kernels of a model whose schedules count ----*- C++ -*-===//
#ifndef COMPILER_TUNE_TASKS_H
#define COMPILER_TUNE_TASKS_H

#include "compiler/Backends/Backend.h"
#include "compiler/Tune/Point.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include <optional>
#include <string>
#include <vector>

namespace rwkvc::tune {

/// A distinct gemm of a model, in the program for some number of rows.
struct Task {
  std::string signature;        // dialects/Kernel/Signature.h
  mlir::func::FuncOp function;  // holds it, with the default schedule
  Point standard;               // that one
  int64_t mostRows;             // 1, a few, or 0 for any number
  int64_t rows;                 // that it is measured with
  int64_t calls;                // in a step
  unsigned group;               // tasks of one group read the same weights, in one layout
  int64_t outputs, inputs;      // of the weight
  double weightBytes;           // of the weight, under the default schedule
  bool isInteger;               // sums integers
  bool isWidened;               // copies blocks of its weight
  bool isLookedUp;              // has weights of 4 bits
  double zeros;                 // the share that is expected of the rows; 0 if they cannot be skipped
};

/// The gemms of `module`, which is as phase `parallel` leaves it where no schedule skips zeros. `manyRows` stands for any
/// number of rows.
std::vector<Task> findTasks(mlir::ModuleOp module, int64_t manyRows);

/// Of `space`, which is the LLVM backend's: what the backend `name` makes other code of and takes, for it.
std::vector<Point> pointsOf(llvm::StringRef name, const Task &task, const std::vector<Point> &space,
                            const KernelTarget &target);

/// The task's schedule with the numbers of `point`, as text.
std::string scheduleText(const Task &task, const Point &point);

/// The point of a schedule's text; none if it is no schedule of this task.
std::optional<Point> pointOf(const Task &task, llvm::StringRef schedule);

/// A module with a function for each of `points`: the task's kernel under that schedule, over a weight of that layout.
/// Function number i is @kernel_i.
std::string candidatesText(const Task &task, const std::vector<Point> &points);

} // namespace rwkvc::tune

#endif // COMPILER_TUNE_TASKS_H
