//===- PickleMachine.h - The stack machine of a pickle ----------*- C++ -*-===//
//
// A pickle is a program for this machine. Each opcode takes at least a byte and makes at most one
// value, so memory is bounded by the pickle's length.
//
//===----------------------------------------------------------------------===//
#ifndef FRONTENDS_FILES_PICKLEMACHINE_H
#define FRONTENDS_FILES_PICKLEMACHINE_H

#include "frontends/Files/ByteReader.h"
#include "frontends/Files/PickleValue.h"
#include <map>
#include <optional>

namespace rwkvc {

class PickleMachine {
public:
  explicit PickleMachine(Bytes bytes) : in(bytes) { pickle.values.emplace_back(); }
  llvm::Expected<Pickle> run();

  /// Bytes that were read.
  uint64_t position() const { return in.position(); }

private:
  // Each executes the opcodes of one kind; `handled` stays false for those of another.
  llvm::Error step(uint8_t opcode);
  llvm::Error stepNumbers(uint8_t opcode, bool &handled);
  llvm::Error stepContainers(uint8_t opcode, bool &handled);
  llvm::Error stepMemo(uint8_t opcode, bool &handled);
  llvm::Error stepObjects(uint8_t opcode, bool &handled);

  llvm::Error number(std::optional<int64_t> value, PickleValue::Kind kind);
  llvm::Error text(std::optional<uint64_t> length);
  llvm::Error longNumber();
  llvm::Error tuple(size_t size);
  llvm::Error tupleFromMark();
  llvm::Error extend(PickleValue::Kind kind, size_t count);
  llvm::Error extendFromMark(PickleValue::Kind kind);
  llvm::Error store(std::optional<uint64_t> slot);
  llvm::Error load(std::optional<uint64_t> slot);
  llvm::Error global();
  llvm::Error persistentId();
  llvm::Error reduce();
  llvm::Error build();

  llvm::Error push(PickleValue value);
  llvm::Error truncated() const;
  llvm::Error underflow() const;
  /// Entries above the innermost mark: what is below belongs to an outer container.
  size_t depth() const { return stack.size() - (marks.empty() ? 0 : marks.back()); }
  PickleValue &top() { return pickle.values[stack.back()]; }

  ByteReader in;
  Pickle pickle;
  std::vector<uint32_t> stack;
  std::vector<size_t> marks;
  std::map<uint64_t, uint32_t> memo; // ordered: no choice of slots makes it slow
};

} // namespace rwkvc

#endif // FRONTENDS_FILES_PICKLEMACHINE_H
