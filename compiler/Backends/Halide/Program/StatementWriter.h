//===- StatementWriter.h - Halide's statements as MLIR text ------*- C++ -*-===//
//
// Halide lowers a pipeline to loops, loads, stores and vectors, and stops there: this is what is left of its work when
// LLVM's begins. Its integers of 32 bits count iterations and elements, never overflow, and become 64 bits; data are
// unsigned ones.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_BACKENDS_HALIDE_PROGRAM_STATEMENTWRITER_H
#define COMPILER_BACKENDS_HALIDE_PROGRAM_STATEMENTWRITER_H

#include "compiler/Backends/Halide/Program/FunctionText.h"
#include "compiler/Backends/Halide/Program/Program.h"
#include <Halide.h>

namespace rwkvc::halide_backend {

/// Values of the function around a pipeline: buffers are pointers, to the first element that is used; numbers are
/// parameters and the first indices ("out.min.0") of outputs.
struct Bindings {
  std::map<std::string, std::string> buffers, numbers;
};

class StatementWriter : Halide::Internal::IRVisitor {
public:
  StatementWriter(FunctionText &text, const Bindings &bindings, const Request &request)
      : text(text), numbers(bindings.numbers), buffers(bindings.buffers), request(request) {}

  void write(const Halide::Internal::Stmt &statement) { statement.accept(this); }

private:
  std::string emit(const Halide::Expr &expr);
  std::string typeName(Halide::Type type);
  std::string elementOf(Halide::Type type) { return typeName(type.element_of()); }
  std::string literal(Halide::Type type, const std::string &element);
  std::string cast(const std::string &value, const std::string &from, const std::string &to, const char *op);
  void binary(const char *integerOp, const char *floatOp, const Halide::Expr &a, const Halide::Expr &b);
  void divide(const Halide::Expr &a, const Halide::Expr &b, bool remainder);
  void compare(const char *isSigned, const char *isUnsigned, const char *isFloat, const Halide::Expr &a,
               const Halide::Expr &b);

  std::string address(const std::string &buffer, Halide::Type element, const std::string &index);
  std::string inLanes(Halide::Type type, const std::function<std::string(int lane)> &each);
  std::string lane(const std::string &vector, Halide::Type type, int lane);

  std::string elementwise(const Halide::Internal::Call *op);
  std::string conversion(const Halide::Internal::Call *op, const std::string &argument);
  std::string instruction(const Halide::Internal::Call *op, const std::vector<std::string> &arguments);
  std::string byRegisters(Halide::Type type, int lanes, const std::vector<std::string> &arguments,
                          const std::vector<std::string> &types,
                          const std::function<std::string(const std::vector<std::string> &)> &each);

  void visit(const Halide::Internal::IntImm *) override;
  void visit(const Halide::Internal::UIntImm *) override;
  void visit(const Halide::Internal::FloatImm *) override;
  void visit(const Halide::Internal::StringImm *) override;
  void visit(const Halide::Internal::Cast *) override;
  void visit(const Halide::Internal::Variable *) override;
  void visit(const Halide::Internal::Add *) override;
  void visit(const Halide::Internal::Sub *) override;
  void visit(const Halide::Internal::Mul *) override;
  void visit(const Halide::Internal::Div *) override;
  void visit(const Halide::Internal::Mod *) override;
  void visit(const Halide::Internal::Min *) override;
  void visit(const Halide::Internal::Max *) override;
  void visit(const Halide::Internal::EQ *) override;
  void visit(const Halide::Internal::NE *) override;
  void visit(const Halide::Internal::LT *) override;
  void visit(const Halide::Internal::LE *) override;
  void visit(const Halide::Internal::GT *) override;
  void visit(const Halide::Internal::GE *) override;
  void visit(const Halide::Internal::And *) override;
  void visit(const Halide::Internal::Or *) override;
  void visit(const Halide::Internal::Not *) override;
  void visit(const Halide::Internal::Select *) override;
  void visit(const Halide::Internal::Load *) override;
  void visit(const Halide::Internal::Ramp *) override;
  void visit(const Halide::Internal::Broadcast *) override;
  void visit(const Halide::Internal::Call *) override;
  void visit(const Halide::Internal::Let *) override;
  void visit(const Halide::Internal::Shuffle *) override;
  void visit(const Halide::Internal::VectorReduce *) override;
  void visit(const Halide::Internal::LetStmt *) override;
  void visit(const Halide::Internal::AssertStmt *) override {}
  void visit(const Halide::Internal::For *) override;
  void visit(const Halide::Internal::Acquire *) override;
  void visit(const Halide::Internal::Store *) override;
  void visit(const Halide::Internal::Allocate *) override;
  void visit(const Halide::Internal::IfThenElse *) override;
  void visit(const Halide::Internal::Evaluate *) override;

  FunctionText &text;
  std::map<std::string, std::string> numbers, buffers;
  const Request &request; // whose target's instructions are written
  std::string value;      // of the expression visited last
};

} // namespace rwkvc::halide_backend

#endif // COMPILER_BACKENDS_HALIDE_PROGRAM_STATEMENTWRITER_H
