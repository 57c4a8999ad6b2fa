// A conversation in RWKV's chat template, and the states that take it back:
//
//   System: TEXT\n\n  User: QUESTION\n\n  Assistant: ANSWER\n\n  User: ...
//
// However an answer ended, the next question finds a state that has read exactly this.
#ifndef RUNTIME_TOOLS_DIALOGUE_H
#define RUNTIME_TOOLS_DIALOGUE_H

#include "runtime/tools/Sampling.h"
#include "runtime/tools/TextModel.h"

#include <deque>

namespace rwkvc {

struct ChatStyle {
  std::string user = "User", assistant = "Assistant", system;
  bool paragraphs = false; // an answer may hold blank lines, and ends where the user's name would come
};

class Dialogue {
public:
  // Reads the style's system text.
  Dialogue(TextModel &model, const ChatStyle &style);

  struct Answer {
    rwkvc_generated_t generated;
    bool isDropped; // interrupted before it began: as if the question had not been asked
  };
  // `request` says all but the prompt and the stop texts. The answer comes without the blank after the colon.
  Answer ask(const std::string &question, const Sampling &sampling, GenerationRequest request);

  bool undo();                     // forgets the last question; false if there is none to be had
  const std::string *last() const; // the last question, or NULL
  void reset();                    // to the beginning
  void save(const std::string &path);
  void load(const std::string &path); // a state that `save` wrote, or of any text that ends with a blank line

private:
  struct Turn {
    StateHandle before;
    std::string ahead;          // what `before` has read already of the text that follows
    std::string question, text; // as the template has it, from the user's name to the blank line
  };

  void feed(const std::string &text);
  void finishTurn();
  void restore(const Turn &turn);
  void readSystem();
  StateHandle copyState() const;

  TextModel &model;
  const ChatStyle style;
  StateHandle beginning;
  std::deque<Turn> turns;
  std::string seen; // what the state has read since the beginning of the last turn
};

// White space at the ends goes, and so do blank lines: they end a question in the template.
std::string cleanQuestion(std::string_view text);

} // namespace rwkvc

#endif // RUNTIME_TOOLS_DIALOGUE_H
