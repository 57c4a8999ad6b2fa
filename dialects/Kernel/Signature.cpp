//===- Signature.cpp - What a kernel is, but for its schedule -------------===//
#include "dialects/Kernel/Signature.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;
using namespace rwkvc;

/// Ops in order, each with its attributes, its types and the values that it takes, by number.
static void printBody(Block &block, llvm::raw_ostream &out) {
  DenseMap<Value, unsigned> numbers;
  for (BlockArgument argument : block.getArguments())
    numbers[argument] = numbers.size();
  for (Operation &op : block) {
    out << op.getName() << op.getAttrDictionary() << '(';
    for (Value operand : op.getOperands())
      out << numbers.lookup(operand) << ',';
    out << ')';
    for (Value result : op.getResults()) {
      numbers[result] = numbers.size();
      out << result.getType();
    }
  }
}

/// "maximumf+mulf"; constants go without saying.
static std::string opsOf(Block &block) {
  SmallVector<StringRef> names;
  for (Operation &op : block.without_terminator())
    if (!op.hasTrait<OpTrait::ConstantLike>())
      names.push_back(op.getName().stripDialect());
  return names.empty() ? "none" : llvm::join(names, "+");
}

static std::string hashOf(StringRef text) {
  std::string hash;
  llvm::raw_string_ostream(hash) << " #" << llvm::format_hex_no_prefix(llvm::xxh3_64bits(text) & 0xffffffff, 8);
  return hash;
}

static std::string countOf(int64_t mostRows) { return mostRows ? std::to_string(mostRows) : "any"; }

std::string kernel::signatureOf(GemmOp gemm, StringRef format, int64_t mostRows, bool withZeros) {
  auto x = cast<RankedTensorType>(gemm.getX().getType());
  auto weight = cast<RankedTensorType>(gemm.getWeight().getType());
  Block &body = gemm.getBody().front();

  std::string text;
  llvm::raw_string_ostream out(text);
  out << "gemm rows=" << countOf(mostRows) << " x=" << x.getElementType();
  if (auto groups = dyn_cast_or_null<GroupsAttr>(x.getEncoding()))
    out << '/' << groups.getSize();
  out << " weight=" << format << ' ' << weight.getDimSize(0) << 'x' << weight.getDimSize(1) << " body=" << opsOf(body);
  if (std::optional<llvm::APFloat> zeros = gemm.getZeros(); zeros && withZeros)
    out << " zeros=" << llvm::format("%.2f", zeros->convertToDouble());

  std::string exact = text;
  llvm::raw_string_ostream all(exact);
  all << ' ' << x << ' ' << gemm.getRows().size() << ' ' << gemm.getConstants().size() << ' ';
  printBody(body, all);
  return text + hashOf(exact);
}

std::string kernel::signatureOf(ScanOp scan, int64_t mostRows) {
  Block &body = scan.getBody().front();
  std::string text;
  llvm::raw_string_ostream(text) << "scan rows=" << countOf(mostRows) << " group=" << scan.getGroupSize()
                                 << " states=" << scan.getStates().size() << " ops=" << body.getOperations().size();
  // A whole row is computed otherwise than a group of it.
  std::string exact = text + (scan.getGroups() == 1 ? " row " : " ") + std::to_string(scan.getRows().size());
  llvm::raw_string_ostream all(exact);
  printBody(body, all);
  return text + hashOf(exact);
}
