// A conversation on standard input and output: what the loop and the commands share.
#ifndef RUNTIME_TOOLS_CHAT_H
#define RUNTIME_TOOLS_CHAT_H

#include "runtime/tools/Dialogue.h"
#include "runtime/tools/LineEditor.h"

#include <optional>

namespace rwkvc {

struct ChatOptions {
  std::string module, loadState;
  ChatStyle style;
  Sampling sampling;
  uint64_t maxTokens = 1024;
  unsigned threads = 0;
  bool stats = false;
};

class Chat {
public:
  explicit Chat(const ChatOptions &options);
  void run();

  // What a person is told; never on standard output, which has the answers alone where nobody types.
  void tell(const std::string &text) const;
  void ask(const std::string &question);

  ChatOptions options;
  TextModel model;
  Dialogue dialogue;

private:
  bool readLine(std::string &out_line); // false at the end
  void handle(const std::string &line);

  const bool isTerminal;
  LineEditor editor;
  std::optional<InterruptFlag> interrupt; // of a person; it ends an answer, and never the program
  uint64_t asked = 0;                     // each question has a seed of its own
};

// "/name ..."; a wrong one ends the verb with a sentence, as errors do.
void runCommand(Chat &chat, const std::string &line);

} // namespace rwkvc

#endif // RUNTIME_TOOLS_CHAT_H
