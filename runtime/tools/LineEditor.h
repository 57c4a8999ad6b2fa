// Lines from standard input: edited, with a history, where a person types them; as they are from a file or a pipe.
#ifndef RUNTIME_TOOLS_LINEEDITOR_H
#define RUNTIME_TOOLS_LINEEDITOR_H

#include <memory>
#include <string>

namespace rwkvc {

class LineEditor {
public:
  explicit LineEditor(bool isTerminal);
  ~LineEditor();
  LineEditor(const LineEditor &) = delete;
  LineEditor &operator=(const LineEditor &) = delete;

  enum class Outcome { line, cancelled, end }; // Ctrl-C cancels, Ctrl-D ends
  // `out_line` comes without its end. The prompt is only for a person.
  Outcome read(const std::string &prompt, std::string &out_line);
  void remember(const std::string &line);

private:
  struct Terminal;
  std::unique_ptr<Terminal> terminal; // none for files and pipes
};

} // namespace rwkvc

#endif // RUNTIME_TOOLS_LINEEDITOR_H
