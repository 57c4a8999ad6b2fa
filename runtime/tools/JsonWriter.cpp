// JSON as in RFC 8259, valid whatever bytes the texts have.
#include "runtime/tools/JsonWriter.h"

#include <algorithm>
#include <cmath>

using namespace rwkvc;

void JsonWriter::write(std::string_view text) { fwrite(text.data(), 1, text.size(), out); }

void JsonWriter::separate() {
  if (afterKey) {
    afterKey = false;
    return;
  }
  if (depth == 0)
    return;
  write(first ? "\n" : ",\n");
  write(std::string(2 * depth, ' '));
  first = false;
}

void JsonWriter::open(char bracket) {
  separate();
  fputc(bracket, out);
  ++depth;
  first = true;
}

void JsonWriter::close(char bracket) {
  --depth;
  if (!first) {
    fputc('\n', out);
    write(std::string(2 * depth, ' '));
  }
  fputc(bracket, out);
  first = false;
  if (depth == 0)
    fputc('\n', out);
}

// Bytes of the UTF-8 character that `text` begins with; 0 if it begins with none.
static size_t characterBytes(std::string_view text) {
  auto at = [&](size_t i) { return i < text.size() ? static_cast<uint8_t>(text[i]) : 0u; };
  unsigned lead = at(0), second = at(1);
  if (lead < 0x80)
    return 1;
  size_t bytes = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  for (size_t i = 1; i < bytes; ++i)
    if (at(i) >> 6 != 2)
      return 0;
  // Longer than need be, a surrogate, or past the last character.
  bool isWrong = (lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) ||
                 (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f);
  return isWrong ? 0 : bytes;
}

void JsonWriter::quote(std::string_view text) {
  fputc('"', out);
  for (size_t bytes = 1; !text.empty(); text.remove_prefix(std::max<size_t>(1, bytes))) {
    char c = text[0];
    bytes = characterBytes(text);
    if (bytes == 0)
      write("\xef\xbf\xbd"); // U+FFFD
    else if (bytes > 1)
      write(text.substr(0, bytes));
    else if (c == '"' || c == '\\')
      fprintf(out, "\\%c", c);
    else if (c == '\n')
      write("\\n");
    else if (c == '\t')
      write("\\t");
    else if (static_cast<unsigned char>(c) < 0x20)
      fprintf(out, "\\u%04x", static_cast<unsigned>(c));
    else
      fputc(c, out);
  }
  fputc('"', out);
}

void JsonWriter::key(std::string_view name) {
  separate();
  quote(name);
  write(": ");
  afterKey = true;
}

void JsonWriter::string(std::string_view text) {
  separate();
  quote(text);
}

void JsonWriter::integer(uint64_t value) {
  separate();
  write(std::to_string(value));
}

void JsonWriter::number(double value) {
  separate();
  if (std::isfinite(value))
    fprintf(out, "%.9g", value);
  else
    write("null");
}

void JsonWriter::boolean(bool value) {
  separate();
  write(value ? "true" : "false");
}

void JsonWriter::null() {
  separate();
  write("null");
}
