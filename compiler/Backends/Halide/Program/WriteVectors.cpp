//===- WriteVectors.cpp - Halide's vectors and memory as MLIR text --------===//
#include "compiler/Backends/Halide/Program/Refusal.h"
#include "compiler/Backends/Halide/Program/StatementWriter.h"

using namespace Halide;
using namespace Halide::Internal;
using namespace rwkvc::halide_backend;

/// Halide's index of 32 bits has 64 in a register, and not in memory.
static bool isStoredIndex(Type type) { return type.is_int() && type.bits() == 32; }

static std::string memoryName(Type type) { return (type.is_float() ? "f" : "i") + std::to_string(type.bits()); }

std::string StatementWriter::address(const std::string &buffer, Type element, const std::string &index) {
  auto found = buffers.find(buffer);
  if (found == buffers.end())
    refuse("the pipeline has a buffer '" + buffer + "', which nothing places");
  return text.at(found->second, index, memoryName(element));
}

std::string StatementWriter::lane(const std::string &vector, Type type, int lane) {
  return text.define("vector.extract " + vector + "[" + std::to_string(lane) + "] : " + elementOf(type) + " from " +
                     typeName(type));
}

std::string StatementWriter::inLanes(Type type, const std::function<std::string(int)> &each) {
  std::string vector = text.define("llvm.mlir.poison : " + typeName(type));
  for (int i = 0; i < type.lanes(); ++i)
    vector = text.define("vector.insert " + each(i) + ", " + vector + " [" + std::to_string(i) +
                         "] : " + elementOf(type) + " into " + typeName(type));
  return vector;
}

void StatementWriter::visit(const Load *op) {
  if (!is_const_one(op->predicate)) {
    const Ramp *whole = op->index.as<Ramp>();
    if (!whole || !is_const_one(whole->stride) || !whole->base.type().is_scalar() || isStoredIndex(op->type))
      refuse("the pipeline loads some lanes of what is no vector in memory");
    std::string mask = emit(op->predicate), zeros = literal(op->type, op->type.is_float() ? "0.0" : "0");
    value = text.define("llvm.intr.masked.load " + address(op->name, op->type, emit(whole->base)) + ", " + mask + ", " +
                        zeros + " {alignment = " + std::to_string(op->type.bytes()) + " : i32} : (!llvm.ptr, " +
                        typeName(op->predicate.type()) + ", " + typeName(op->type) + ") -> " + typeName(op->type));
    return;
  }
  std::string alignment = " {alignment = " + std::to_string(op->type.bytes()) + " : i64} : !llvm.ptr -> ";
  auto scalar = [&](const std::string &index) {
    std::string memory = memoryName(op->type);
    std::string loaded = text.define("llvm.load " + address(op->name, op->type, index) + alignment + memory);
    return isStoredIndex(op->type) ? text.define("arith.extsi " + loaded + " : " + memory + " to i64") : loaded;
  };
  if (op->type.is_scalar()) {
    value = scalar(emit(op->index));
    return;
  }
  const Ramp *ramp = op->index.as<Ramp>();
  if (ramp && is_const_one(ramp->stride) && ramp->base.type().is_scalar() && !isStoredIndex(op->type)) {
    value = text.define("llvm.load " + address(op->name, op->type, emit(ramp->base)) + alignment + typeName(op->type));
    return;
  }
  std::string indices = emit(op->index);
  value = inLanes(op->type, [&](int i) { return scalar(lane(indices, op->index.type(), i)); });
}

void StatementWriter::visit(const Store *op) {
  Type type = op->value.type();
  if (isStoredIndex(type))
    refuse("the pipeline stores an index");
  std::string stored = emit(op->value);
  if (!is_const_one(op->predicate)) {
    const Ramp *whole = op->index.as<Ramp>();
    if (!whole || !is_const_one(whole->stride) || !whole->base.type().is_scalar())
      refuse("the pipeline stores some lanes to what is no vector in memory");
    std::string mask = emit(op->predicate);
    text.line("llvm.intr.masked.store " + stored + ", " + address(op->name, type, emit(whole->base)) + ", " + mask +
              " {alignment = " + std::to_string(type.bytes()) + " : i32} : " + typeName(type) + ", " +
              typeName(op->predicate.type()) + " into !llvm.ptr");
    return;
  }
  std::string alignment = " {alignment = " + std::to_string(type.bytes()) + " : i64} : ";
  if (type.is_scalar()) {
    text.line("llvm.store " + stored + ", " + address(op->name, type, emit(op->index)) + alignment + typeName(type) +
              ", !llvm.ptr");
    return;
  }
  const Ramp *ramp = op->index.as<Ramp>();
  if (ramp && is_const_one(ramp->stride) && ramp->base.type().is_scalar()) {
    text.line("llvm.store " + stored + ", " + address(op->name, type, emit(ramp->base)) + alignment + typeName(type) +
              ", !llvm.ptr");
    return;
  }
  std::string indices = emit(op->index);
  for (int i = 0; i < type.lanes(); ++i)
    text.line("llvm.store " + lane(stored, type, i) + ", " +
              address(op->name, type, lane(indices, op->index.type(), i)) + alignment + elementOf(type) +
              ", !llvm.ptr");
}

void StatementWriter::visit(const Ramp *op) {
  if (!op->base.type().is_scalar())
    refuse("the pipeline has a ramp of vectors");
  std::string base = emit(op->base), stride = emit(op->stride);
  value = inLanes(op->type, [&](int i) { return text.add(base, text.mul(stride, i)); });
}

void StatementWriter::visit(const Broadcast *op) {
  std::string source = emit(op->value);
  if (op->value.type().is_scalar()) {
    value =
        text.define("vector.broadcast " + source + " : " + typeName(op->value.type()) + " to " + typeName(op->type));
    return;
  }
  Type from = op->value.type();
  value = inLanes(op->type, [&](int i) { return lane(source, from, i % from.lanes()); });
}

void StatementWriter::visit(const Shuffle *op) {
  std::vector<std::pair<std::string, Type>> vectors;
  for (const Expr &vector : op->vectors)
    vectors.emplace_back(emit(vector), vector.type());
  auto element = [&](int index) {
    for (const auto &[name, type] : vectors) {
      if (index < type.lanes())
        return type.is_scalar() ? name : lane(name, type, index);
      index -= type.lanes();
    }
    refuse("a shuffle picks what is not there");
  };
  value = op->type.is_scalar() ? element(op->indices[0])
                               : inLanes(op->type, [&](int i) { return element(op->indices[i]); });
}

void StatementWriter::visit(const VectorReduce *op) {
  Type from = op->value.type();
  bool isFloat = from.is_float(), isSum = op->op == VectorReduce::Add;
  if (!isSum && op->op != VectorReduce::Max)
    refuse("the pipeline reduces a vector neither to its sum nor to its maximum");
  std::string kind = isSum ? "add" : isFloat ? "maximumf" : from.is_uint() ? "maxui" : "maxsi";
  // Any order of the lanes will do, so long as it is always the same.
  std::string flags = isFloat ? " fastmath<reassoc>" : "";
  std::string source = emit(op->value);
  int width = from.lanes() / op->type.lanes();
  Type piece = from.with_lanes(width);
  auto reduce = [&](const std::string &vector) {
    return text.define("vector.reduction <" + kind + ">, " + vector + flags + " : " + typeName(piece) + " into " +
                       elementOf(from));
  };
  if (op->type.is_scalar()) {
    value = reduce(source);
    return;
  }
  value = inLanes(op->type, [&](int i) {
    return reduce(text.define("vector.extract_strided_slice " + source + " {offsets = [" + std::to_string(i * width) +
                              "], sizes = [" + std::to_string(width) + "], strides = [1]} : " + typeName(from) +
                              " to " + typeName(piece)));
  });
}
