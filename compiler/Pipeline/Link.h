//===- Link.h - From an object to the image of a shared library --*- C++ -*-===//
#ifndef COMPILER_PIPELINE_LINK_H
#define COMPILER_PIPELINE_LINK_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include <memory>

namespace rwkvc {

/// Links one object with lld, inside of this process. Undefined symbols are refused: a module runs where nothing of the
/// compiler exists. Every cl::opt of LLVM has its default value afterwards, because lld resets them.
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> linkImage(llvm::ArrayRef<char> object);

} // namespace rwkvc

#endif // COMPILER_PIPELINE_LINK_H
