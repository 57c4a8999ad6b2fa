//===- FunctionText.cpp - A kernel's function as MLIR text ----------------===//
#include "compiler/Backends/Halide/Program/FunctionText.h"

using namespace rwkvc::halide_backend;

FunctionText::FunctionText(const std::string &name, unsigned pointers) {
  header = "llvm.func internal @" + name + "(";
  for (unsigned i = 0; i < pointers; ++i)
    header += pointer(i) + ": !llvm.ptr, ";
  header += rowBegin + ": i64, " + rowEnd + ": i64, " + unitBegin + ": i64, " + unitEnd + ": i64)";
}

void FunctionText::line(const std::string &text) { body += std::string(depth, ' ') + text + '\n'; }

std::string FunctionText::define(const std::string &op) {
  std::string name = fresh();
  line(name + " = " + op);
  return name;
}

void FunctionText::open(const std::string &text) {
  line(text);
  depth += 2;
}

void FunctionText::close(const std::string &text) {
  depth -= 2;
  line(text);
}

std::string FunctionText::constant(const std::string &type, const std::string &literal) {
  std::string &name = constants[literal + " : " + type];
  if (name.empty()) {
    name = "%c" + std::to_string(constants.size());
    entry += "  " + name + " = arith.constant " + literal + " : " + type + '\n';
  }
  return name;
}

std::string FunctionText::integer(const char *op, const std::string &a, const std::string &b, const char *flags) {
  return define(std::string("arith.") + op + " " + a + ", " + b + flags + " : i64");
}

std::string FunctionText::at(const std::string &pointer, const std::string &count, const std::string &type) {
  return define("llvm.getelementptr " + pointer + "[" + count + "] : (!llvm.ptr, i64) -> !llvm.ptr, " + type);
}

std::string FunctionText::stack(int64_t count, const std::string &type) {
  std::string number = i64(count), name = "%s" + fresh().substr(1);
  entry += "  " + name + " = llvm.alloca " + number + " x " + type + " {alignment = 64 : i64} : (i64) -> !llvm.ptr\n";
  return name;
}

void FunctionText::loop(const std::string &from, const std::string &to,
                        const std::function<void(const std::string &)> &each) {
  std::string counter = fresh(), step = i64(1);
  open("scf.for " + counter + " = " + from + " to " + to + " step " + step + " : i64 {");
  each(counter);
  close("}");
}

std::string FunctionText::isLess(const std::string &a, const std::string &b) {
  return define("arith.cmpi slt, " + a + ", " + b + " : i64");
}

void FunctionText::when(const std::string &condition, const std::function<void()> &then,
                        const std::function<void()> &otherwise) {
  open("scf.if " + condition + " {");
  then();
  if (otherwise) {
    close("} else {");
    depth += 2;
    otherwise();
  }
  close("}");
}

std::string FunctionText::finish() const {
  return header + " attributes {no_inline} {\n" + entry + body + "  llvm.return\n}\n";
}
