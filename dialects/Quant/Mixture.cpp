//===- Mixture.cpp - A format for each class of matrices ------------------===//
#include "dialects/Quant/Mixture.h"
#include "dialects/Quant/WeightClass.h"
#include "llvm/ADT/SmallVector.h"

using namespace rwkvc::weight;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;

/// What is not changed.
static constexpr StringRef kStored = "stored";

static Expected<const Format *> parseFormat(StringRef name) {
  if (name == kStored)
    return nullptr;
  if (const Format *format = findFormat(name))
    return format;
  return llvm::createStringError("there is no weight format '" + name + "', only stored, " + formatNames());
}

Error Mixture::setException(StringRef text) {
  auto [name, value] = text.split('=');
  if (!text.contains('='))
    return llvm::createStringError("'" + text + "' follows a format, and there must be CLASS=FORMAT, as in head=q8");
  Expected<const Format *> format = parseFormat(value);
  if (!format)
    return format.takeError();
  bool known = false;
  for (StringRef weightClass : weightClasses())
    if (covers(name, weightClass)) {
      exceptions[weightClass] = *format;
      known = true;
    }
  if (!known)
    return llvm::createStringError("there is no class '" + name + "' of weights, only " + classNames());
  return Error::success();
}

Error Mixture::setDefault(StringRef name) {
  if (name.contains('='))
    return llvm::createStringError("'" + name + "' comes first, and there must be a format for all weights, as in q4," +
                                   name);
  Expected<const Format *> format = parseFormat(name);
  if (!format)
    return format.takeError();
  others = *format;
  exceptions["emb"] = nullptr; // one row of it is read: rounding it would save no time
  if (!others)
    return Error::success();
  llvm::SmallVector<StringRef> parts;
  others->exceptions.split(parts, ',', -1, /*KeepEmpty=*/false);
  for (StringRef part : parts)
    if (Error error = setException(part))
      return error;
  return Error::success();
}

Expected<Mixture> Mixture::parse(StringRef text) {
  Mixture mixture;
  auto [first, rest] = text.split(',');
  if (Error error = mixture.setDefault(first))
    return error;
  while (!rest.empty()) {
    auto [part, next] = rest.split(',');
    if (Error error = mixture.setException(part))
      return error;
    rest = next;
  }
  return mixture;
}

const Format *Mixture::format(StringRef weightClass) const {
  auto found = exceptions.find(weightClass);
  return found == exceptions.end() ? others : found->second;
}
