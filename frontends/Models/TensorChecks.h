//===- TensorChecks.h - Are the tensors those of the version? ---*- C++ -*-===//
//
// Keeps the first thing that is wrong and says it; afterwards every answer is harmless, so that a
// version's list of tensors reads without an error check a line.
//
//===----------------------------------------------------------------------===//
#ifndef FRONTENDS_MODELS_TENSORCHECKS_H
#define FRONTENDS_MODELS_TENSORCHECKS_H

#include "frontends/Models/Models.h"

namespace rwkvc {

class TensorChecks {
public:
  /// In a shape that is expected: any size.
  static constexpr int64_t kAny = -1;

  explicit TensorChecks(TensorTable &tensors) : tensors(tensors) {}

  /// Names are relative to "blocks.LAYER." from here on; to nothing with -1.
  void enterLayer(int64_t layer);

  bool has(llvm::StringRef name) const;

  /// Each of `names` exists and has the shape.
  void expect(llvm::ArrayRef<llvm::StringRef> names, llvm::ArrayRef<int64_t> shape);

  /// One dimension of a tensor of that shape; 1 when something is wrong.
  int64_t size(llvm::StringRef name, llvm::ArrayRef<int64_t> shape, size_t dimension);

  /// The tensor's rank; 0 when it is missing.
  size_t rank(llvm::StringRef name);

  /// Fails with `sentence` after the tensor's name, unless `condition`.
  void require(bool condition, llvm::StringRef name, const llvm::Twine &sentence);

  /// Changes the view of a tensor, or adds another under the name. Does nothing once something is wrong.
  void change(llvm::StringRef name, llvm::function_ref<TensorView(const TensorView &)> view);
  void derive(llvm::StringRef name, llvm::StringRef from, llvm::function_ref<TensorView(const TensorView &)> view);

  /// Adds NAME.t of a matrix [inputs, outputs], and returns the one of both sizes that may be kAny.
  int64_t transposeForLinear(llvm::StringRef name, int64_t inputs, int64_t outputs);

  bool failed() const { return !wrong.empty(); }
  llvm::Error takeError();

private:
  const TensorView *find(llvm::StringRef name);
  std::string full(llvm::StringRef name) const { return prefix + name.str(); }

  TensorTable &tensors;
  std::string prefix, wrong;
};

} // namespace rwkvc

#endif // FRONTENDS_MODELS_TENSORCHECKS_H
