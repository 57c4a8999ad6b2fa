//===- TuningRecord.cpp - What was measured of a schedule -----------------===//
//
// Files may come from strangers: a line is bounded and flat before it is parsed.
//
//===----------------------------------------------------------------------===//
#include "compiler/Passes/TuningRecord.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include <cmath>

using namespace rwkvc;
using llvm::Expected;
using llvm::StringRef;

static constexpr size_t kMostLine = 4096;

/// Some 100 thousand trials.
static constexpr uint64_t kMostBytes = 64 << 20;

static constexpr StringRef shipped[] = {
#include "compiler/Passes/ShippedRecords.inc"
};

StringRef rwkvc::shippedRecords() {
  static const std::string all = [] {
    std::string text;
    for (StringRef file : shipped)
      text += file;
    return text;
  }();
  return all;
}

namespace {

struct TextField {
  const char *name;
  std::string TuningRecord::*value;
};
struct NumberField {
  const char *name;
  double TuningRecord::*value;
};
struct CountField {
  const char *name;
  int64_t TuningRecord::*value;
};

} // namespace

static constexpr TextField texts[] = {
    {"record", &TuningRecord::record},     {"kernel", &TuningRecord::kernel},   {"cpu", &TuningRecord::cpu},
    {"features", &TuningRecord::features}, {"compiler", &TuningRecord::compiler}, {"schedule", &TuningRecord::schedule},
    {"verdict", &TuningRecord::verdict}};
static constexpr CountField counts[] = {{"threads", &TuningRecord::threads}, {"rows", &TuningRecord::rows}};
static constexpr NumberField numbers[] = {{"ns", &TuningRecord::ns},
                                          {"ratio", &TuningRecord::ratio},
                                          {"spread", &TuningRecord::spread},
                                          {"bytes", &TuningRecord::bytes},
                                          {"operations", &TuningRecord::operations}};

std::string rwkvc::printRecord(const TuningRecord &record) {
  std::string line;
  llvm::raw_string_ostream out(line);
  llvm::json::OStream json(out);
  json.object([&] {
    for (const TextField &field : texts)
      json.attribute(field.name, record.*field.value);
    for (const CountField &field : counts)
      json.attribute(field.name, record.*field.value);
    for (const NumberField &field : numbers) {
      json.attributeBegin(field.name);
      json.rawValue([&](llvm::raw_ostream &number) {
        double value = record.*field.value;
        number << llvm::format("%.12g", std::isfinite(value) ? std::round(value * 1e4) / 1e4 : 0);
      });
      json.attributeEnd();
    }
  });
  return line + "\n";
}

/// Nothing but the keys, numbers and words of one schedule: MLIR's parser, which recurses, meets no nesting.
static bool looksLikeSchedule(StringRef text) {
  if (!text.consume_front("#kernel.schedule<") || !text.consume_back(">"))
    return false;
  return llvm::all_of(text, [](char c) { return llvm::isAlnum(c) || StringRef(" _=,\"-").contains(c); });
}

static llvm::Error refuse(const llvm::Twine &sentence) { return llvm::createStringError(sentence); }

Expected<TuningRecord> rwkvc::parseRecord(StringRef line) {
  if (line.size() > kMostLine)
    return refuse("a record has at most " + llvm::Twine(kMostLine) + " bytes");
  if (line.count('{') != 1 || line.contains('['))
    return refuse("a record is one flat JSON object");
  Expected<llvm::json::Value> value = llvm::json::parse(line);
  if (!value) {
    llvm::consumeError(value.takeError());
    return refuse("it is not JSON");
  }
  const llvm::json::Object *object = value->getAsObject();
  if (!object)
    return refuse("a record is one flat JSON object");

  TuningRecord record;
  for (const TextField &field : texts) {
    std::optional<StringRef> text = object->getString(field.name);
    if (!text)
      return refuse("it has no text '" + llvm::Twine(field.name) + "'");
    record.*field.value = text->str();
  }
  for (const CountField &field : counts) {
    std::optional<int64_t> count = object->getInteger(field.name);
    if (!count || *count < 0)
      return refuse("it has no number '" + llvm::Twine(field.name) + "'");
    record.*field.value = *count;
  }
  for (const NumberField &field : numbers) {
    std::optional<double> number = object->getNumber(field.name);
    if (!number || !std::isfinite(*number) || *number < 0)
      return refuse("it has no number '" + llvm::Twine(field.name) + "'");
    record.*field.value = *number;
  }
  if (record.record != "trial" && record.record != "best")
    return refuse("'record' is neither trial nor best");
  if (!looksLikeSchedule(record.schedule))
    return refuse("'schedule' is not a #kernel.schedule");
  return record;
}

Expected<TuningRecords> rwkvc::parseRecords(StringRef name, StringRef text) {
  TuningRecords found;
  for (unsigned number = 1; found.wholeBytes < text.size(); ++number) {
    StringRef rest = text.drop_front(found.wholeBytes);
    size_t end = rest.find('\n');
    Expected<TuningRecord> record = parseRecord(rest.take_front(end));
    if (!record && end == StringRef::npos) {
      llvm::consumeError(record.takeError());
      return found;
    }
    if (!record)
      return refuse(name + ":" + llvm::Twine(number) + ": " + llvm::toString(record.takeError()));
    found.records.push_back(std::move(*record));
    found.wholeBytes += end == StringRef::npos ? rest.size() : end + 1;
  }
  return found;
}

Expected<TuningRecords> rwkvc::readRecords(StringRef path) {
  llvm::sys::fs::file_status status;
  if (std::error_code error = llvm::sys::fs::status(path, status))
    return refuse("cannot read '" + path + "': " + error.message());
  if (status.type() != llvm::sys::fs::file_type::regular_file)
    return refuse("cannot read '" + path + "': it is not a regular file");
  if (status.getSize() > kMostBytes)
    return refuse("'" + path + "' is larger than records are: more than " + llvm::Twine(kMostBytes >> 20) + " MiB");
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return refuse("cannot read '" + path + "': " + buffer.getError().message());
  return parseRecords(path, (*buffer)->getBuffer());
}
