//===- FunctionText.h - A kernel's function as MLIR text ---------*- C++ -*-===//
//
// Text, since no translation unit sees both Halide's classes and MLIR's. Values are their names.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_BACKENDS_HALIDE_PROGRAM_FUNCTIONTEXT_H
#define COMPILER_BACKENDS_HALIDE_PROGRAM_FUNCTIONTEXT_H

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace rwkvc::halide_backend {

class FunctionText {
public:
  /// `pointers` come first, then the range of rows and the range of units.
  FunctionText(const std::string &name, unsigned pointers);

  std::string pointer(unsigned index) const { return "%p" + std::to_string(index); }
  const std::string rowBegin = "%row_begin", rowEnd = "%row_end", unitBegin = "%unit_begin", unitEnd = "%unit_end";

  /// A new value, that of `op`; or a line that has none.
  std::string define(const std::string &op);
  void line(const std::string &text);

  /// A constant at the function's start. `literal` is as MLIR writes it.
  std::string constant(const std::string &type, const std::string &literal);
  std::string i64(int64_t value) { return constant("i64", std::to_string(value)); }

  std::string add(const std::string &a, const std::string &b) { return integer("addi", a, b, " overflow<nsw>"); }
  std::string sub(const std::string &a, const std::string &b) { return integer("subi", a, b, " overflow<nsw>"); }
  std::string mul(const std::string &a, const std::string &b) { return integer("muli", a, b, " overflow<nsw>"); }
  std::string mul(const std::string &a, int64_t b) { return b == 1 ? a : mul(a, i64(b)); }
  std::string min(const std::string &a, const std::string &b) { return integer("minsi", a, b, ""); }

  /// `pointer` moved by `count` elements of `type`, which also is a number of bytes if that is i8.
  std::string at(const std::string &pointer, const std::string &count, const std::string &type = "i8");
  std::string at(const std::string &pointer, int64_t bytes) { return bytes ? at(pointer, i64(bytes)) : pointer; }

  /// Memory that is allocated once, at the function's start.
  std::string stack(int64_t count, const std::string &type);

  void loop(const std::string &from, const std::string &to, const std::function<void(const std::string &)> &body);
  void when(const std::string &condition, const std::function<void()> &then,
            const std::function<void()> &otherwise = nullptr);
  std::string isLess(const std::string &a, const std::string &b);

  /// The whole function.
  std::string finish() const;

private:
  std::string integer(const char *op, const std::string &a, const std::string &b, const char *flags);
  std::string fresh() { return "%" + std::to_string(next++); }
  void open(const std::string &text);
  void close(const std::string &text);

  std::string header, entry, body;
  std::map<std::string, std::string> constants;
  unsigned next = 0, depth = 2;
};

} // namespace rwkvc::halide_backend

#endif // COMPILER_BACKENDS_HALIDE_PROGRAM_FUNCTIONTEXT_H
