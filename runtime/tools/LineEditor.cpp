// Editing is libedit's, linked statically. Its own files (~/.editrc) are not read.
#include "runtime/tools/PlainLine.h"

#include <clocale>
#include <cstring>
#include <histedit.h>
#include <langinfo.h>
#include <termios.h>
#include <unistd.h>

using namespace rwkvc;

static constexpr int mostRemembered = 500;

namespace {
// While a line is edited Ctrl-C is a key; it is a signal again as soon as the model answers.
class InterruptKey {
public:
  InterruptKey() {
    if (tcgetattr(STDIN_FILENO, &before) != 0)
      return;
    termios changed = before;
    changed.c_cc[VINTR] = _POSIX_VDISABLE;
    isChanged = tcsetattr(STDIN_FILENO, TCSANOW, &changed) == 0;
  }
  InterruptKey(const InterruptKey &) = delete;
  InterruptKey &operator=(const InterruptKey &) = delete;
  ~InterruptKey() {
    if (isChanged)
      tcsetattr(STDIN_FILENO, TCSANOW, &before);
  }

private:
  termios before;
  bool isChanged = false;
};
} // namespace

struct LineEditor::Terminal {
  Terminal();
  ~Terminal() {
    el_end(editor);
    history_end(past);
  }
  Terminal(const Terminal &) = delete;
  Terminal &operator=(const Terminal &) = delete;

  static Terminal &of(EditLine *editor) {
    void *self = nullptr;
    el_get(editor, EL_CLIENTDATA, &self);
    return *static_cast<Terminal *>(self);
  }
  static unsigned char cancel(EditLine *editor, int) {
    of(editor).isCancelled = true;
    return CC_EOF;
  }
  static char *promptOf(EditLine *editor) { return of(editor).prompt.data(); }

  EditLine *editor;
  History *past;
  std::string prompt;
  bool isCancelled = false;
};

LineEditor::Terminal::Terminal() {
  // Characters, not bytes, are deleted and measured; the C library has this locale without any package.
  if (!setlocale(LC_CTYPE, "") || strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
    setlocale(LC_CTYPE, "C.UTF-8");
  editor = el_init("rwkvc", stdin, stdout, stderr);
  past = history_init();
  if (!editor || !past)
    throw std::bad_alloc();
  HistEvent event;
  history(past, &event, H_SETSIZE, mostRemembered);
  history(past, &event, H_SETUNIQUE, 1);
  el_set(editor, EL_CLIENTDATA, this);
  el_set(editor, EL_EDITOR, "emacs");
  el_set(editor, EL_HIST, history, past);
  el_set(editor, EL_PROMPT, promptOf);
  el_set(editor, EL_ADDFN, "rwkvc-cancel", "give up this line", cancel);
  constexpr const char *keys[][2] = {{"^C", "rwkvc-cancel"},
                                     {"^R", "em-inc-search-prev"},
                                     {"\033[H", "ed-move-to-beg"},
                                     {"\033[F", "ed-move-to-end"},
                                     {"\033[1~", "ed-move-to-beg"},
                                     {"\033[4~", "ed-move-to-end"},
                                     {"\033[3~", "ed-delete-next-char"},
                                     {"\033[1;5C", "em-next-word"},
                                     {"\033[1;5D", "ed-prev-word"}};
  for (auto [key, function] : keys)
    el_set(editor, EL_BIND, key, function, nullptr);
}

LineEditor::LineEditor(bool isTerminal) {
  if (isTerminal)
    terminal = std::make_unique<Terminal>();
}

LineEditor::~LineEditor() = default;

LineEditor::Outcome LineEditor::read(const std::string &prompt, std::string &out_line) {
  if (!terminal)
    return readPlainLine(out_line);
  terminal->prompt = prompt;
  terminal->isCancelled = false;
  InterruptKey isKey;
  el_set(terminal->editor, EL_PREP_TERM, 1); // before the prompt: keys typed as soon as it shows are ours, not the tty's
  int bytes = 0;
  const char *line = el_gets(terminal->editor, &bytes);
  if (terminal->isCancelled) {
    fputs("^C\n", stdout);
    return Outcome::cancelled;
  }
  if (!line || bytes <= 0)
    return Outcome::end;
  out_line.assign(line, static_cast<size_t>(bytes));
  while (out_line.ends_with('\n') || out_line.ends_with('\r'))
    out_line.pop_back();
  return Outcome::line;
}

void LineEditor::remember(const std::string &line) {
  HistEvent event;
  if (terminal && !line.empty())
    history(terminal->past, &event, H_ENTER, line.c_str());
}
