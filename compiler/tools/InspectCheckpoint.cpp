//===- InspectCheckpoint.cpp - What a checkpoint holds --------------------===//
//
// Names and metadata come from the file and are escaped before they reach a terminal.
//
//===----------------------------------------------------------------------===//
#include "compiler/tools/InspectCheckpoint.h"
#include "compiler/tools/Verbs.h"
#include "frontends/Files/Checkpoint.h"
#include "frontends/Files/Refusal.h"
#include "frontends/Models/Models.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <vector>

using namespace rwkvc;

namespace {
struct Totals {
  uint64_t parameters = 0, bytes = 0;
};
} // namespace

static Totals totalsOf(const Checkpoint &checkpoint) {
  Totals totals;
  for (const auto &[name, view] : checkpoint.tensors) {
    totals.parameters += view.elements();
    totals.bytes += storedBytes(view.dtype, view.elements());
  }
  return totals;
}

static void printModelJson(llvm::json::OStream &json, const Checkpoint &checkpoint) {
  llvm::Expected<Model> model = recogniseModel(checkpoint);
  if (!model) {
    json.attribute("model", nullptr);
    json.attribute("not_recognised", llvm::json::fixUTF8(llvm::toString(model.takeError())));
    return;
  }
  const ModelInfo &info = model->info;
  json.attributeObject("model", [&] {
    json.attribute("architecture", info.architecture);
    json.attribute("layers", info.layers);
    json.attribute("channels", info.channels);
    json.attribute("heads", info.heads);
    json.attribute("head_size", info.headSize);
    json.attribute("ffn_width", info.ffnWidth);
    json.attribute("vocabulary", info.vocabulary);
    json.attributeObject("ranks", [&] {
      for (const auto &[name, rank] : info.ranks)
        json.attribute(name, rank);
    });
  });
}

static void printModel(llvm::raw_ostream &out, const Checkpoint &checkpoint) {
  llvm::Expected<Model> model = recogniseModel(checkpoint);
  if (!model) {
    out << "model       not recognised: " << llvm::toString(model.takeError()) << '\n';
    return;
  }
  const ModelInfo &info = model->info;
  out << "model       " << info.architecture << ", " << info.layers << " layers, " << info.channels << " channels, ";
  if (info.heads > 1)
    out << info.heads << " heads of " << info.headSize << ", ";
  out << "channel mix " << info.ffnWidth << ", vocabulary " << info.vocabulary << '\n';
  if (info.ranks.empty())
    return;
  out << "ranks       ";
  llvm::interleaveComma(info.ranks, out, [&](const auto &rank) { out << rank.first << ' ' << rank.second; });
  out << '\n';
}

static void printJson(llvm::StringRef path, const Checkpoint &checkpoint) {
  Totals totals = totalsOf(checkpoint);
  llvm::json::OStream json(llvm::outs(), /*IndentSize=*/2);
  json.object([&] {
    json.attribute("file", llvm::json::fixUTF8(path));
    json.attribute("container", checkpoint.container);
    json.attribute("file_bytes", checkpoint.fileBytes());
    json.attribute("tensor_count", checkpoint.tensors.size());
    json.attribute("tensor_bytes", totals.bytes);
    json.attribute("parameters", totals.parameters);
    printModelJson(json, checkpoint);
    json.attributeObject("metadata", [&] {
      for (const auto &[key, value] : checkpoint.metadata)
        json.attribute(llvm::json::fixUTF8(key), llvm::json::fixUTF8(value));
    });
    json.attributeArray("tensors", [&] {
      for (const auto &[key, view] : checkpoint.tensors)
        json.object([&, &key = key, &view = view] {
          json.attribute("name", llvm::json::fixUTF8(key));
          json.attribute("dtype", name(view.dtype));
          json.attributeArray("shape", [&] {
            for (int64_t size : view.shape)
              json.value(size);
          });
          json.attribute("bytes", storedBytes(view.dtype, view.elements()));
        });
    });
  });
  llvm::outs() << '\n';
}

static void printTable(llvm::StringRef path, const Checkpoint &checkpoint) {
  Totals totals = totalsOf(checkpoint);
  llvm::raw_ostream &out = llvm::outs();
  out << "file        " << path << '\n'
      << "container   " << checkpoint.container << '\n'
      << "size        " << bytesText(checkpoint.fileBytes()) << '\n'
      << "tensors     " << checkpoint.tensors.size() << ", " << totals.parameters << " parameters, "
      << bytesText(totals.bytes) << '\n';
  printModel(out, checkpoint);
  for (const auto &[key, value] : checkpoint.metadata)
    out << "metadata    " << printable(key) << " = " << printable(value) << '\n';
  size_t width = 0;
  for (const auto &[key, view] : checkpoint.tensors)
    width = std::max(width, printable(key).size());
  out << '\n';
  for (const auto &[key, view] : checkpoint.tensors) {
    std::string text = printable(key);
    out << text << std::string(width - text.size() + 2, ' ') << llvm::formatv("{0,-6}", name(view.dtype))
        << shapeText(view.shape) << '\n';
  }
}

llvm::Error rwkvc::inspectCheckpoint(llvm::StringRef path, bool json) {
  llvm::Expected<Checkpoint> checkpoint = openCheckpoint(path);
  if (!checkpoint)
    return checkpoint.takeError();
  if (json)
    printJson(path, *checkpoint);
  else
    printTable(path, *checkpoint);
  return llvm::Error::success();
}

llvm::Error rwkvc::printTensor(llvm::StringRef path, llvm::StringRef name) {
  llvm::Expected<Checkpoint> checkpoint = openCheckpoint(path);
  if (!checkpoint)
    return checkpoint.takeError();
  auto entry = checkpoint->tensors.find(name);
  if (entry == checkpoint->tensors.end())
    return refuse(quotedPath(path) + " has no tensor " + quoted(name));
  const TensorView &view = entry->second;
  std::vector<float> row(view.shape.empty() ? 1 : view.shape.back());
  for (int64_t i = 0; i < view.elements() / static_cast<int64_t>(row.size()); ++i) {
    view.readRow(i, row);
    // Nine digits tell any two f32 apart.
    llvm::interleave(
        row, llvm::outs(), [](float value) { llvm::outs() << llvm::format("%.9g", value); }, " ");
    llvm::outs() << '\n';
  }
  return llvm::Error::success();
}
