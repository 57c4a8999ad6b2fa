//===- PickleValue.h - What a pickle may hold -------------------*- C++ -*-===//
//
// Values refer to each other by index, so that the cycles that a pickle can build own nothing and
// nothing here recurses. There is no kind for an arbitrary object: none can be made.
//
//===----------------------------------------------------------------------===//
#ifndef FRONTENDS_FILES_PICKLEVALUE_H
#define FRONTENDS_FILES_PICKLEVALUE_H

#include "frontends/Files/ByteReader.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <vector>

namespace rwkvc {

struct PickleValue {
  enum Kind : uint8_t { None, Bool, Int, Float, Str, Tuple, List, Dict, Global, Storage, Tensor };

  Kind kind = None;
  int64_t number = 0;          // Int and Bool; nothing needs a Float's value
  llvm::StringRef text;        // Str: in the pickle; Global: what it stands for
  std::vector<uint32_t> items; // Tuple, List: elements; Dict: key, value, key, value, ...
                               // Storage: its persistent id; Tensor: arguments of the rebuild
};

/// All values of one pickle. The first is None.
struct Pickle {
  std::vector<PickleValue> values;
  uint32_t root = 0;
};

/// Reads a protocol 2 pickle and leaves `in` behind its end. Executes nothing: a global that is no part of a state dict
/// is refused by name. Texts point into the reader's bytes.
llvm::Expected<Pickle> readPickle(ByteReader &in);

/// "a dict".
const char *describe(PickleValue::Kind kind);

} // namespace rwkvc

#endif // FRONTENDS_FILES_PICKLEVALUE_H
