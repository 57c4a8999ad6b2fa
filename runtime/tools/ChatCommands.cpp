// The commands of chat: one table.
#include "runtime/tools/Chat.h"

using namespace rwkvc;

namespace {

struct Command {
  const char *name, *arguments, *help;
  void (*run)(Chat &chat, const std::string &argument);
};

void again(Chat &chat, const std::string &) {
  const std::string *last = chat.dialogue.last();
  if (!last)
    die("there is no question to ask again");
  std::string question = *last;
  chat.dialogue.undo();
  chat.ask(question);
}

void undo(Chat &chat, const std::string &) {
  if (!chat.dialogue.undo())
    die("there is nothing to undo");
  const std::string *last = chat.dialogue.last();
  chat.tell(last ? "back after the answer to: " + *last : "back at the first question");
}

void reset(Chat &chat, const std::string &) {
  chat.dialogue.reset();
  chat.tell("forgotten");
}

void save(Chat &chat, const std::string &path) {
  if (path.empty())
    die("/save needs a file");
  chat.dialogue.save(path);
  chat.tell("saved");
}

void load(Chat &chat, const std::string &path) {
  if (path.empty())
    die("/load needs a file");
  chat.dialogue.load(path);
  chat.tell("loaded");
}

void set(Chat &chat, const std::string &argument) {
  size_t blank = std::min(argument.find(' '), argument.size());
  std::string name = argument.substr(0, blank), value = argument.substr(blank);
  value.erase(0, value.find_first_not_of(' '));
  if (argument.empty())
    return chat.tell("max-tokens " + std::to_string(chat.options.maxTokens) + "\n" + chat.options.sampling.describe());
  if (name == "max-tokens") {
    uint64_t tokens;
    if (!parseNumber(value, tokens) || tokens == 0)
      die("'" + value.substr(0, 32) + "' is no count for max-tokens");
    chat.options.maxTokens = tokens;
  } else if (std::string wrong = chat.options.sampling.set(name, value, chat.model.vocabulary()); !wrong.empty()) {
    die(wrong);
  }
}

void help(Chat &chat, const std::string &);

constexpr Command commands[] = {
    {"again", "", "another answer to the last question", again},
    {"undo", "", "forget the last question and its answer; as often as you like", undo},
    {"reset", "", "forget everything", reset},
    {"save", " FILE", "save the state, for /load and --load-state", save},
    {"load", " FILE", "go on from a saved state", load},
    {"set", " [NAME VALUE]", "temperature 0.7, top-p 0.5, seed 3, max-tokens 200; alone it lists all", set},
    {"help", "", "this list", help},
};

void help(Chat &chat, const std::string &) {
  std::string text;
  for (const Command &command : commands) {
    std::string usage = std::string("/") + command.name + command.arguments;
    text += usage + std::string(22 - usage.size(), ' ') + command.help + "\n";
  }
  chat.tell(text + "A line that ends with \\ goes on in the next. A question may begin with / after a blank.");
}

} // namespace

void rwkvc::runCommand(Chat &chat, const std::string &line) {
  size_t blank = std::min(line.find(' '), line.size());
  std::string name = line.substr(1, blank - 1), argument = line.substr(blank);
  argument.erase(0, argument.find_first_not_of(' '));
  argument.erase(argument.find_last_not_of(" \r\n") + 1);
  for (const Command &command : commands)
    if (name == command.name)
      return command.run(chat, argument);
  die("there is no command '/" + name.substr(0, 32) + "'; see /help");
}
