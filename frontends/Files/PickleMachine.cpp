//===- PickleMachine.cpp - The stack machine of a pickle ------------------===//
//
// Numbers, texts, containers and the memo; objects are in PickleObjects.cpp.
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/PickleMachine.h"
#include "frontends/Files/Refusal.h"
#include "llvm/ADT/StringExtras.h"

using namespace rwkvc;

// A released model's pickle has less than a megabyte; a value takes up to 100 times an opcode, and twice as much while
// the list of them grows.
static constexpr uint64_t mostBytes = 2 << 20;
static constexpr size_t mostMarks = 64;

llvm::Expected<Pickle> rwkvc::readPickle(ByteReader &in) {
  PickleMachine machine(in.peek().take_front(mostBytes));
  llvm::Expected<Pickle> pickle = machine.run();
  if (pickle)
    in.take(machine.position());
  return pickle;
}

const char *rwkvc::describe(PickleValue::Kind kind) {
  static constexpr const char *names[] = {"None",   "a bool", "an int",   "a float",   "a text",  "a tuple",
                                          "a list", "a dict", "a global", "a storage", "a tensor"};
  return names[kind];
}

llvm::Error PickleMachine::truncated() const {
  if (in.position() + in.left() == mostBytes)
    return refuse("its pickle does not end within " + llvm::Twine(mostBytes) + " bytes, the most that are read");
  return refuse("its pickle ends inside of an opcode");
}

llvm::Error PickleMachine::underflow() const {
  return refuse("its pickle takes more than it pushed, at byte " + llvm::Twine(in.position()));
}

llvm::Error PickleMachine::push(PickleValue value) {
  stack.push_back(static_cast<uint32_t>(pickle.values.size()));
  pickle.values.push_back(std::move(value));
  return llvm::Error::success();
}

llvm::Expected<Pickle> PickleMachine::run() {
  while (true) {
    std::optional<uint8_t> opcode = in.read<uint8_t>();
    if (!opcode)
      return in.position() == mostBytes ? truncated() : refuse("its pickle has no end");
    if (*opcode == '.')
      break;
    if (llvm::Error error = step(*opcode))
      return std::move(error);
  }
  if (stack.size() != 1 || !marks.empty())
    return refuse("its pickle leaves " + llvm::Twine(stack.size()) + " values, but must leave one");
  pickle.root = stack.back();
  return std::move(pickle);
}

llvm::Error PickleMachine::step(uint8_t opcode) {
  bool handled = false;
  for (auto group : {&PickleMachine::stepNumbers, &PickleMachine::stepContainers, &PickleMachine::stepMemo,
                     &PickleMachine::stepObjects})
    if (llvm::Error error = (this->*group)(opcode, handled); error || handled)
      return error;
  return refuse("its pickle has opcode 0x" + llvm::utohexstr(opcode) + " at byte " + llvm::Twine(in.position() - 1) +
                ", which torch.save does not write with protocol 2");
}

llvm::Error PickleMachine::number(std::optional<int64_t> value, PickleValue::Kind kind) {
  if (!value)
    return truncated();
  return push({kind, *value, {}, {}});
}

llvm::Error PickleMachine::text(std::optional<uint64_t> length) {
  std::optional<llvm::StringRef> taken = length ? in.takeText(*length) : std::nullopt;
  if (!taken)
    return truncated();
  return push({PickleValue::Str, 0, *taken, {}});
}

/// LONG1: two's complement of the length that its first byte gives.
llvm::Error PickleMachine::longNumber() {
  std::optional<uint8_t> length = in.read<uint8_t>();
  std::optional<Bytes> bytes = length ? in.take(*length) : std::nullopt;
  if (!bytes)
    return truncated();
  if (bytes->size() > 8)
    return refuse("its pickle has an integer of " + llvm::Twine(bytes->size()) + " bytes, but at most 8 are read");
  uint64_t value = 0;
  for (size_t i = 0; i < bytes->size(); ++i)
    value |= uint64_t((*bytes)[i]) << (8 * i);
  unsigned unused = 64 - 8 * bytes->size();
  // Shifted up and back down again, the sign fills the bytes that were not stored.
  int64_t result = unused == 64 ? 0 : static_cast<int64_t>(value << unused) >> unused;
  return number(result, PickleValue::Int);
}

llvm::Error PickleMachine::stepNumbers(uint8_t opcode, bool &handled) {
  handled = true;
  switch (opcode) {
  case 0x80: // PROTO
    if (std::optional<uint8_t> protocol = in.read<uint8_t>(); !protocol || *protocol != 2)
      return refuse("its pickle has protocol " + llvm::Twine(unsigned(protocol.value_or(0))) +
                    ", but only protocol 2, torch.save's default, is read");
    return llvm::Error::success();
  case 'N':
    return push({});
  case 0x88:
    return number(1, PickleValue::Bool);
  case 0x89:
    return number(0, PickleValue::Bool);
  case 'K':
    return number(in.read<uint8_t>(), PickleValue::Int);
  case 'M':
    return number(in.read<uint16_t>(), PickleValue::Int);
  case 'J':
    return number(in.read<int32_t>(), PickleValue::Int);
  case 0x8a:
    return longNumber();
  case 'G':
    return number(in.read<int64_t>(), PickleValue::Float);
  case 'X':
    return text(in.read<uint32_t>());
  default:
    handled = false;
    return llvm::Error::success();
  }
}

llvm::Error PickleMachine::tuple(size_t size) {
  if (depth() < size)
    return underflow();
  PickleValue value;
  value.kind = PickleValue::Tuple;
  value.items.assign(stack.end() - size, stack.end());
  stack.resize(stack.size() - size);
  return push(std::move(value));
}

llvm::Error PickleMachine::tupleFromMark() {
  if (marks.empty())
    return underflow();
  size_t size = depth();
  llvm::Error error = tuple(size);
  // The mark was the floor under the elements; the tuple itself lies on what is below.
  marks.pop_back();
  return error;
}

/// Appends the top `count` entries to the list or dict below them.
llvm::Error PickleMachine::extend(PickleValue::Kind kind, size_t count) {
  if (depth() <= count)
    return underflow();
  std::vector<uint32_t> items(stack.end() - count, stack.end());
  stack.resize(stack.size() - count);
  if (top().kind != kind || (kind == PickleValue::Dict && count % 2 != 0))
    return refuse("its pickle puts " + llvm::Twine(count) + " items into " + describe(top().kind));
  top().items.insert(top().items.end(), items.begin(), items.end());
  return llvm::Error::success();
}

llvm::Error PickleMachine::extendFromMark(PickleValue::Kind kind) {
  if (marks.empty())
    return underflow();
  size_t count = depth();
  marks.pop_back();
  return extend(kind, count);
}

llvm::Error PickleMachine::stepContainers(uint8_t opcode, bool &handled) {
  handled = true;
  switch (opcode) {
  case '(':
    if (marks.size() == mostMarks)
      return refuse("its pickle nests deeper than " + llvm::Twine(mostMarks) + " levels");
    marks.push_back(stack.size());
    return llvm::Error::success();
  case ')':
    return tuple(0);
  case 0x85:
    return tuple(1);
  case 0x86:
    return tuple(2);
  case 0x87:
    return tuple(3);
  case 't':
    return tupleFromMark();
  case ']':
    return push({PickleValue::List, 0, {}, {}});
  case '}':
    return push({PickleValue::Dict, 0, {}, {}});
  case 'a':
    return extend(PickleValue::List, 1);
  case 'e':
    return extendFromMark(PickleValue::List);
  case 's':
    return extend(PickleValue::Dict, 2);
  case 'u':
    return extendFromMark(PickleValue::Dict);
  default:
    handled = false;
    return llvm::Error::success();
  }
}

llvm::Error PickleMachine::store(std::optional<uint64_t> slot) {
  if (!slot)
    return truncated();
  if (depth() == 0)
    return underflow();
  memo[*slot] = stack.back();
  return llvm::Error::success();
}

llvm::Error PickleMachine::load(std::optional<uint64_t> slot) {
  if (!slot)
    return truncated();
  auto entry = memo.find(*slot);
  if (entry == memo.end())
    return refuse("its pickle recalls value " + llvm::Twine(*slot) + ", which it never stored");
  stack.push_back(entry->second);
  return llvm::Error::success();
}

llvm::Error PickleMachine::stepMemo(uint8_t opcode, bool &handled) {
  handled = true;
  switch (opcode) {
  case 'q':
    return store(in.read<uint8_t>());
  case 'r':
    return store(in.read<uint32_t>());
  case 'h':
    return load(in.read<uint8_t>());
  case 'j':
    return load(in.read<uint32_t>());
  default:
    handled = false;
    return llvm::Error::success();
  }
}
