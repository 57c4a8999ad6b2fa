//===- OldPth.h - .pth files of PyTorch before 1.6 --------------*- C++ -*-===//
#ifndef FRONTENDS_FILES_OLDPTH_H
#define FRONTENDS_FILES_OLDPTH_H

#include "frontends/Files/ByteReader.h"
#include "frontends/Files/Checkpoint.h"

namespace rwkvc {

bool looksLikeOldPth(Bytes file);
llvm::Error readOldPth(Checkpoint &checkpoint);

} // namespace rwkvc

#endif // FRONTENDS_FILES_OLDPTH_H
