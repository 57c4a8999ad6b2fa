// Writes JSON to a stream as it is told: commas, indentation and escapes are its business, nesting the caller's.
#ifndef RUNTIME_TOOLS_JSONWRITER_H
#define RUNTIME_TOOLS_JSONWRITER_H

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace rwkvc {

class JsonWriter {
public:
  explicit JsonWriter(FILE *out) : out(out) {}

  void beginObject() { open('{'); }
  void endObject() { close('}'); }
  void beginArray() { open('['); }
  void endArray() { close(']'); }
  void key(std::string_view name);

  void string(std::string_view text); // a byte that is not UTF-8 becomes U+FFFD
  void integer(uint64_t value);
  void number(double value); // null if it is not finite, which JSON cannot say
  void boolean(bool value);
  void null();

private:
  void open(char bracket);
  void close(char bracket);
  void separate();
  void write(std::string_view text);
  void quote(std::string_view text);

  FILE *out;
  unsigned depth = 0;
  bool first = true, afterKey = false;
};

} // namespace rwkvc

#endif // RUNTIME_TOOLS_JSONWRITER_H
