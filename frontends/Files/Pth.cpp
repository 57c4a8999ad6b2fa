//===- Pth.cpp - The PyTorch .pth reader ----------------------------------===//
//
// A zip archive of data.pkl, which describes a dict from names to tensors, and data/KEY, one entry
// a storage. PyTorch before 1.6 wrote no archive: OldPth.cpp.
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/Formats.h"
#include "frontends/Files/OldPth.h"
#include "frontends/Files/Refusal.h"
#include "frontends/Files/StateDict.h"
#include "frontends/Files/Zip.h"

using namespace rwkvc;

bool rwkvc::looksLikePth(Bytes file) { return asText(file).starts_with("PK\x03\x04") || looksLikeOldPth(file); }

llvm::Error rwkvc::readPth(Checkpoint &checkpoint) {
  Bytes file = checkpoint.file->bytes();
  if (looksLikeOldPth(file))
    return readOldPth(checkpoint);
  llvm::Expected<llvm::StringMap<Bytes>> entries = readZip(file);
  if (!entries)
    return entries.takeError();
  // All entries lie in one folder, which torch.save names after the file.
  llvm::StringRef folder, pickleName;
  for (const auto &entry : *entries)
    if (entry.getKey().ends_with("/data.pkl") && entry.getKey().count('/') == 1) {
      if (!pickleName.empty())
        return refuse("it has two pickles, " + quoted(std::min(pickleName, entry.getKey())) + " and " +
                      quoted(std::max(pickleName, entry.getKey())));
      pickleName = entry.getKey();
      folder = pickleName.drop_back(llvm::StringRef("data.pkl").size());
    }
  if (pickleName.empty())
    return refuse("it is a zip archive without a 'NAME/data.pkl', so torch.save did not write it");
  auto order = entries->find((folder + "byteorder").str());
  if (order != entries->end() && asText(order->second) != "little")
    return refuse("its byte order is " + quoted(asText(order->second)) + ", but only 'little' is read");
  ByteReader in((*entries)[pickleName]);
  llvm::Expected<Pickle> pickle = readPickle(in);
  if (!pickle)
    return pickle.takeError();
  llvm::StringMap<Bytes> storages;
  for (const auto &entry : *entries)
    if (llvm::StringRef key = entry.getKey(); key.consume_front(folder) && key.consume_front("data/"))
      storages[key] = entry.getValue();
  return readStateDict(checkpoint, *pickle, storages);
}
