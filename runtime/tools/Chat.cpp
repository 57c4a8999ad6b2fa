// rwkvc chat: questions in, answers out, by RWKV's chat template.
#include "runtime/tools/Chat.h"

#include "runtime/tools/Verbs.h"

#include <cerrno>
#include <cstring>
#include <unistd.h>

using namespace rwkvc;

Chat::Chat(const ChatOptions &options)
    : options(options), model(options.module, options.threads, options.loadState), dialogue(model, options.style),
      isTerminal(isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)), editor(isTerminal) {}

void Chat::tell(const std::string &text) const {
  bool isDim = isatty(STDERR_FILENO);
  fprintf(stderr, "%s%s%s\n", isDim ? "\033[2m" : "", text.c_str(), isDim ? "\033[0m" : "");
}

static void writeText(std::string_view text) {
  if (fwrite(text.data(), 1, text.size(), stdout) != text.size() || fflush(stdout) != 0)
    die(std::string("cannot write the answer: ") + strerror(errno));
}

void Chat::ask(const std::string &question) {
  Sampling sampling = options.sampling;
  sampling.values.seed += asked++;
  GenerationRequest request;
  request.maxTokens = options.maxTokens;
  request.onText = writeText;
  request.isInterrupted = [&] { return interrupt && interrupt->isSet(); };
  if (isTerminal)
    writeText(options.style.assistant + ": ");
  if (interrupt)
    interrupt->clear();
  Dialogue::Answer answer = dialogue.ask(question, sampling, std::move(request));
  writeText("\n");
  if (answer.isDropped)
    tell("interrupted before the answer began: the question is forgotten");
  else if (answer.generated.finish == RWKVC_FINISH_LENGTH)
    tell("cut after " + std::to_string(options.maxTokens) + " tokens: /set max-tokens N");
  if (!answer.isDropped && (isTerminal || options.stats))
    tell(describeSpeed(answer.generated));
}

// A backslash at its end lets a line go on in the next.
bool Chat::readLine(std::string &out_line) {
  out_line.clear();
  std::string part;
  for (bool isFirst = true;; isFirst = false) {
    switch (editor.read(isFirst ? options.style.user + ": " : "> ", part)) {
    case LineEditor::Outcome::end:
      return !out_line.empty();
    case LineEditor::Outcome::cancelled:
      out_line.clear();
      return true;
    case LineEditor::Outcome::line:
      editor.remember(part);
      out_line += part;
      if (!out_line.ends_with('\\'))
        return true;
      out_line.back() = '\n';
    }
  }
}

void Chat::handle(const std::string &line) {
  if (line.starts_with('/'))
    return runCommand(*this, line);
  if (std::string question = cleanQuestion(line); !question.empty())
    ask(question);
}

void Chat::run() {
  if (isTerminal) {
    interrupt.emplace(InterruptFlag::Second::isIgnored);
    tell("Ctrl-C interrupts an answer, Ctrl-D ends, /help lists the commands.");
  }
  for (std::string line; readLine(line);) {
    try {
      handle(line);
    } catch (const CLI::RuntimeError &) {
      if (!isTerminal)
        throw; // a script has to know; a person has read the sentence
    }
  }
  if (isTerminal)
    writeText("\n");
}

static void checkName(const char *flag, const std::string &name) {
  if (name.empty() || name.find_first_of("\n:") != std::string::npos)
    die(std::string(flag) + " '" + name + "' is no name: it may not be empty, nor have a colon or a line break");
}

void rwkvc::addChat(CLI::App &app) {
  auto options = std::make_shared<ChatOptions>();
  // What RWKV's makers recommend for conversation. Their penalties are left out: sums and copies repeat themselves.
  options->sampling.values.top_p = 0.3f;
  CLI::App *verb = app.add_subcommand("chat", "Talk with a compiled model");
  verb->add_option("module", options->module, "Compiled model (.so), with a tokenizer")->required()->type_name("FILE");
  verb->add_option("--system", options->style.system, "Text that the model reads first")->type_name("TEXT");
  verb->add_option("--user", options->style.user, "Your name in the template")
      ->type_name("NAME")
      ->capture_default_str();
  verb->add_option("--assistant", options->style.assistant, "The model's name in the template")
      ->type_name("NAME")
      ->capture_default_str();
  verb->add_flag("--paragraphs", options->style.paragraphs, "A blank line does not end an answer; your name does");
  verb->add_option("-n,--max-tokens", options->maxTokens, "Most tokens of an answer")
      ->type_name("N")
      ->capture_default_str()
      ->check(CLI::Range(uint64_t{1}, uint64_t{1} << 40));
  options->sampling.addFlags(*verb);
  verb->add_option("--threads", options->threads, "Threads; 0 is one per CPU")->type_name("N");
  verb->add_option("--load-state", options->loadState, "Go on from a state that /save wrote")->type_name("FILE");
  verb->add_flag("--stats", options->stats, "Tell tokens per second also where nobody types");
  verb->footer("Lines that come by a pipe are questions too, and only their answers are printed.\nExample:\n  " +
               app.get_name() + " chat model.so --temperature 0.8");
  verb->callback([options] {
    checkName("--user", options->style.user);
    checkName("--assistant", options->style.assistant);
    Chat(*options).run();
  });
}
