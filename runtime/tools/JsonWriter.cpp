// JSON as in RFC 8259; text that is not ASCII passes through as the UTF-8 it is expected to be.
#include "runtime/tools/JsonWriter.h"

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

void JsonWriter::quote(std::string_view text) {
  fputc('"', out);
  for (char c : text) {
    if (c == '"' || c == '\\')
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
