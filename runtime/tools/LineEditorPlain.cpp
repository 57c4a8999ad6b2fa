// In place of LineEditor.cpp where libedit is not to be had: what the terminal itself can edit, and no history.
#include "runtime/tools/PlainLine.h"

#include <cstdio>

using namespace rwkvc;

struct LineEditor::Terminal {};

LineEditor::LineEditor(bool isTerminal) {
  if (isTerminal)
    terminal = std::make_unique<Terminal>();
}

LineEditor::~LineEditor() = default;

LineEditor::Outcome LineEditor::read(const std::string &prompt, std::string &out_line) {
  if (terminal) {
    fputs(prompt.c_str(), stdout);
    fflush(stdout);
  }
  return readPlainLine(out_line);
}

void LineEditor::remember(const std::string &) {}
