//===- StatementWriter.cpp - Halide's statements as MLIR text -------------===//
#include "compiler/Backends/Halide/Program/StatementWriter.h"
#include "compiler/Backends/Halide/Program/Refusal.h"
#include <cstring>

using namespace Halide;
using namespace Halide::Internal;
using namespace rwkvc::halide_backend;

/// What a pipeline may have on the stack at once.
static constexpr int64_t kStackBytes = 128 << 10;

static std::string elementName(Type type) {
  if (type.is_handle())
    return "!llvm.ptr";
  if (type.is_float())
    return "f" + std::to_string(type.bits());
  bool isIndex = type.is_int() && type.bits() == 32;
  return "i" + std::to_string(isIndex ? 64 : type.bits());
}

std::string StatementWriter::typeName(Type type) {
  std::string element = elementName(type.element_of());
  return type.is_scalar() ? element : "vector<" + std::to_string(type.lanes()) + "x" + element + ">";
}

std::string StatementWriter::literal(Type type, const std::string &element) {
  return text.constant(typeName(type), type.is_scalar() ? element : "dense<" + element + ">");
}

std::string StatementWriter::emit(const Expr &expr) {
  expr.accept(this);
  return value;
}

void StatementWriter::visit(const IntImm *op) { value = literal(op->type, std::to_string(op->value)); }
void StatementWriter::visit(const UIntImm *op) {
  value = literal(op->type, op->type.is_bool() ? (op->value ? "true" : "false") : std::to_string(op->value));
}

void StatementWriter::visit(const FloatImm *op) {
  float number = float(op->value);
  uint32_t bits;
  std::memcpy(&bits, &number, sizeof(bits));
  char hexadecimal[16];
  snprintf(hexadecimal, sizeof(hexadecimal), "0x%08X", bits);
  value = literal(op->type, hexadecimal);
}

void StatementWriter::visit(const StringImm *) { refuse("a text has no place in a kernel"); }

std::string StatementWriter::cast(const std::string &from, const std::string &fromType, const std::string &toType,
                                  const char *op) {
  return fromType == toType ? from : text.define(std::string(op) + " " + from + " : " + fromType + " to " + toType);
}

void StatementWriter::visit(const Cast *op) {
  Type from = op->value.type(), to = op->type;
  std::string source = emit(op->value), fromName = typeName(from), toName = typeName(to);
  auto width = [](Type type) { return std::stoi(elementName(type.element_of()).substr(1)); };
  if (from.is_float() && to.is_float())
    value = cast(source, fromName, toName, to.bits() > from.bits() ? "arith.extf" : "arith.truncf");
  else if (from.is_float())
    value = cast(source, fromName, toName, to.is_int() ? "arith.fptosi" : "arith.fptoui");
  else if (to.is_float())
    value = cast(source, fromName, toName, from.is_int() ? "arith.sitofp" : "arith.uitofp");
  else if (width(to) > width(from))
    value = cast(source, fromName, toName, from.is_int() ? "arith.extsi" : "arith.extui");
  else
    value = cast(source, fromName, toName, "arith.trunci");
}

void StatementWriter::visit(const Variable *op) {
  auto found = numbers.find(op->name);
  if (found == numbers.end())
    refuse("the pipeline asks for '" + op->name + "', which nothing says");
  value = found->second;
}

void StatementWriter::binary(const char *integerOp, const char *floatOp, const Expr &a, const Expr &b) {
  std::string first = emit(a), second = emit(b), op = a.type().is_float() ? floatOp : integerOp;
  // Halide's indices never overflow, which lets LLVM reason about addresses.
  bool isIndex = a.type().is_int() && a.type().bits() >= 32;
  bool mayFlag = op == "arith.addi" || op == "arith.subi" || op == "arith.muli";
  value = text.define(op + " " + first + ", " + second + (isIndex && mayFlag ? " overflow<nsw>" : "") + " : " +
                      typeName(a.type()));
}

void StatementWriter::visit(const Add *op) { binary("arith.addi", "arith.addf", op->a, op->b); }
void StatementWriter::visit(const Sub *op) { binary("arith.subi", "arith.subf", op->a, op->b); }
void StatementWriter::visit(const Mul *op) { binary("arith.muli", "arith.mulf", op->a, op->b); }
void StatementWriter::visit(const Min *op) {
  binary(op->type.is_uint() ? "arith.minui" : "arith.minsi", "arith.minimumf", op->a, op->b);
}
void StatementWriter::visit(const Max *op) {
  binary(op->type.is_uint() ? "arith.maxui" : "arith.maxsi", "arith.maximumf", op->a, op->b);
}

/// Halide rounds down and leaves no negative rest, MLIR rounds towards zero. Divisors are sizes, which
/// are above 0, and those of data powers of two: it makes divisions of shifts.
void StatementWriter::divide(const Expr &a, const Expr &b, bool remainder) {
  Type type = a.type();
  int bits = 0;
  if (type.is_uint() && is_const_power_of_two_integer(b, &bits)) {
    int64_t by = remainder ? (int64_t(1) << bits) - 1 : bits;
    value = text.define(std::string(remainder ? "arith.andi " : "arith.shrui ") + emit(a) + ", " +
                        literal(type, std::to_string(by)) + " : " + typeName(type));
    return;
  }
  if (!type.is_int() || type.is_vector())
    refuse("the pipeline divides something else than an index");
  std::string dividend = emit(a), divisor = emit(b);
  std::string quotient = text.define("arith.divsi " + dividend + ", " + divisor + " : i64");
  std::string rest = text.sub(dividend, text.mul(quotient, divisor));
  std::string isNegative = text.isLess(rest, text.i64(0));
  auto corrected = [&](const std::string &value, const std::string &by) {
    return text.define("arith.select " + isNegative + ", " + text.add(value, by) + ", " + value + " : i64");
  };
  value = remainder ? corrected(rest, divisor) : corrected(quotient, text.i64(-1));
}

void StatementWriter::visit(const Div *op) { divide(op->a, op->b, false); }
void StatementWriter::visit(const Mod *op) { divide(op->a, op->b, true); }

void StatementWriter::compare(const char *isSigned, const char *isUnsigned, const char *isFloat, const Expr &a,
                              const Expr &b) {
  std::string first = emit(a), second = emit(b);
  std::string op = a.type().is_float() ? std::string("arith.cmpf ") + isFloat
                                       : std::string("arith.cmpi ") + (a.type().is_int() ? isSigned : isUnsigned);
  value = text.define(op + ", " + first + ", " + second + " : " + typeName(a.type()));
}

void StatementWriter::visit(const EQ *op) { compare("eq", "eq", "oeq", op->a, op->b); }
void StatementWriter::visit(const NE *op) { compare("ne", "ne", "une", op->a, op->b); }
void StatementWriter::visit(const LT *op) { compare("slt", "ult", "olt", op->a, op->b); }
void StatementWriter::visit(const LE *op) { compare("sle", "ule", "ole", op->a, op->b); }
void StatementWriter::visit(const GT *op) { compare("sgt", "ugt", "ogt", op->a, op->b); }
void StatementWriter::visit(const GE *op) { compare("sge", "uge", "oge", op->a, op->b); }
void StatementWriter::visit(const And *op) { binary("arith.andi", "", op->a, op->b); }
void StatementWriter::visit(const Or *op) { binary("arith.ori", "", op->a, op->b); }
void StatementWriter::visit(const Not *op) {
  value = text.define("arith.xori " + emit(op->a) + ", " + literal(op->type, "true") + " : " + typeName(op->type));
}

void StatementWriter::visit(const Select *op) {
  std::string condition = emit(op->condition), yes = emit(op->true_value), no = emit(op->false_value);
  std::string types = op->condition.type().is_vector() ? typeName(op->condition.type()) + ", " : "";
  value = text.define("arith.select " + condition + ", " + yes + ", " + no + " : " + types + typeName(op->type));
}

void StatementWriter::visit(const Let *op) {
  numbers[op->name] = emit(op->value);
  op->body.accept(this);
}

void StatementWriter::visit(const LetStmt *op) {
  auto isField = [&] {
    const Call *call = op->value.as<Call>();
    return call && starts_with(call->name, "_halide_buffer_get_");
  };
  // What is said of buffers is known here, and a pipeline of no runtime asks for all of it.
  if (!isField())
    numbers[op->name] = emit(op->value);
  op->body.accept(this);
}

void StatementWriter::visit(const For *op) {
  if (op->for_type == ForType::Vectorized || op->for_type == ForType::Unrolled)
    refuse("the loop '" + op->name + "' should have been a vector");
  std::string from = emit(op->min), extent = emit(op->extent);
  std::string to = is_const_zero(op->min) ? extent : text.add(from, extent);
  text.loop(from, to, [&](const std::string &counter) {
    numbers[op->name] = counter;
    op->body.accept(this);
  });
}

void StatementWriter::visit(const Acquire *) { refuse("a pipeline may not wait"); }

void StatementWriter::visit(const IfThenElse *op) {
  std::function<void()> otherwise;
  if (op->else_case.defined())
    otherwise = [&] { op->else_case.accept(this); };
  if (op->condition.type().is_vector())
    refuse("the pipeline asks each lane of a vector");
  text.when(
      emit(op->condition), [&] { op->then_case.accept(this); }, otherwise);
}

void StatementWriter::visit(const Allocate *op) {
  int64_t elements = op->constant_allocation_size();
  if (elements <= 0 || elements * op->type.bytes() > kStackBytes)
    refuse("'" + op->name + "' does not fit on the stack");
  buffers[op->name] = text.stack(elements, elementName(op->type));
  op->body.accept(this);
}

void StatementWriter::visit(const Evaluate *op) {
  const Call *call = op->value.as<Call>();
  if (call && call->is_intrinsic(Call::prefetch)) {
    op->value.accept(this);
    return;
  }
  if (!is_pure(op->value))
    refuse("the pipeline calls something for its effect");
}
