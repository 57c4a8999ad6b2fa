#include "runtime/tools/PlainLine.h"

#include "runtime/tools/Handles.h"

#include <cstdio>

using namespace rwkvc;

static constexpr size_t mostLineBytes = 16 << 20;

LineEditor::Outcome rwkvc::readPlainLine(std::string &out_line) {
  out_line.clear();
  int c;
  while ((c = getc(stdin)) != EOF && c != '\n') {
    if (out_line.size() == mostLineBytes)
      die("a line of more than 16 MiB is no question");
    out_line += static_cast<char>(c);
  }
  return c == EOF && out_line.empty() ? LineEditor::Outcome::end : LineEditor::Outcome::line;
}
