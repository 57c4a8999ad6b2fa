//===- StateDict.h - The tensors that a pickle describes --------*- C++ -*-===//
#ifndef FRONTENDS_FILES_STATEDICT_H
#define FRONTENDS_FILES_STATEDICT_H

#include "frontends/Files/ByteReader.h"
#include "frontends/Files/Checkpoint.h"
#include "frontends/Files/PickleValue.h"
#include "llvm/ADT/StringMap.h"

namespace rwkvc {

/// Adds the tensors of a dict from names to tensors. They are strided views, and may share a storage; `storages` are
/// bytes by the keys that the pickle has for them.
llvm::Error readStateDict(Checkpoint &checkpoint, const Pickle &pickle, const llvm::StringMap<Bytes> &storages);

} // namespace rwkvc

#endif // FRONTENDS_FILES_STATEDICT_H
