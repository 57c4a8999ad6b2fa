// The state may be behind the template's text (an answer that was cut) or ahead of it (a stop text that came with more
// in one token). Behind is made up for by feeding the rest; too far ahead, by going back and reading the turn again.
#include "runtime/tools/Dialogue.h"

#include <algorithm>

using namespace rwkvc;

static constexpr uint64_t mostHistoryBytes = 256 << 20;
static constexpr uint64_t mostTurns = 1000;

std::string rwkvc::cleanQuestion(std::string_view text) {
  std::string clean, line;
  auto endLine = [&] {
    size_t begin = line.find_first_not_of(" \t\r\v\f"), end = line.find_last_not_of(" \t\r\v\f");
    if (begin != std::string::npos)
      clean += (clean.empty() ? line.substr(begin, end + 1 - begin) : "\n" + line.substr(0, end + 1));
    line.clear();
  };
  for (char c : text)
    if (c == '\n')
      endLine();
    else
      line += c;
  endLine();
  return clean;
}

Dialogue::Dialogue(TextModel &model, const ChatStyle &style) : model(model), style(style), beginning(copyState()) {
  readSystem();
}

void Dialogue::readSystem() {
  if (std::string system = cleanQuestion(style.system); !system.empty())
    feed("System: " + system + "\n\n");
}

StateHandle Dialogue::copyState() const {
  StateHandle copy = createState(model.model.get());
  check(rwkvc_state_copy(copy.get(), model.state.get()));
  return copy;
}

void Dialogue::feed(const std::string &text) {
  if (text.empty())
    return;
  rwkvc_generated_t generated;
  GenerationRequest request;
  request.prompt = text;
  check(model.generate(nullptr, request, generated));
}

void Dialogue::restore(const Turn &turn) {
  check(rwkvc_state_copy(model.state.get(), turn.before.get()));
  seen = turn.ahead;
}

// Afterwards the state has read the last turn's text, and of what follows at most a beginning of the user's name.
void Dialogue::finishTurn() {
  if (turns.empty())
    return;
  Turn &turn = turns.back();
  if (seen.starts_with(turn.text) && (style.user + ":").starts_with(seen.substr(turn.text.size())))
    return;
  if (!turn.text.starts_with(seen))
    restore(turn);
  feed(turn.text.substr(seen.size()));
  seen = turn.text;
}

Dialogue::Answer Dialogue::ask(const std::string &question, const Sampling &sampling, GenerationRequest request) {
  SamplerHandle sampler = sampling.create(model.vocabulary());
  finishTurn();
  Turn turn;
  turn.before = copyState();
  turn.ahead = turns.empty() ? seen : seen.substr(turns.back().text.size());
  turn.question = question;
  turn.text = style.user + ": " + question + "\n\n" + style.assistant + ":";
  std::string prompt = turn.text.substr(turn.ahead.size());

  std::string answer;
  size_t shownBytes = 0;
  request.prompt = prompt;
  request.stops = {style.paragraphs ? "\n\n" + style.user + ":" : "\n\n"};
  request.onText = [&, show = std::move(request.onText)](std::string_view piece) {
    answer += piece;
    // Without the blank after the colon, and line breaks only once something follows them.
    std::string_view visible = answer;
    visible.remove_prefix(std::min(visible.find_first_not_of(' '), visible.size()));
    visible = visible.substr(0, visible.find_last_not_of('\n') + 1);
    if (visible.size() > shownBytes && show)
      show(visible.substr(shownBytes));
    shownBytes = visible.size();
  };
  Answer result = {};
  std::vector<int32_t> tokens;
  rwkvc_status_t status = model.generate(sampler.get(), request, result.generated, &tokens);
  result.isDropped =
      status != RWKVC_OK || (result.generated.finish == RWKVC_FINISH_INTERRUPTED && result.generated.tokens == 0);
  if (result.isDropped) {
    // `seen` was of the turn before, and is so again.
    check(rwkvc_state_copy(model.state.get(), turn.before.get()));
    check(status);
    return result;
  }
  seen = turn.text + model.decode(tokens);
  size_t end = answer.find_last_not_of('\n');
  turn.text += answer.substr(0, end == std::string::npos ? 0 : end + 1) + "\n\n";
  turns.push_back(std::move(turn));
  // One more than can be undone, to read the last turn again from.
  if (turns.size() > std::clamp<uint64_t>(mostHistoryBytes / std::max<uint64_t>(1, model.stateBytes()), 2, mostTurns))
    turns.pop_front();
  return result;
}

bool Dialogue::undo() {
  if (turns.empty())
    return false;
  Turn turn = std::move(turns.back());
  turns.pop_back();
  restore(turn);
  if (!turns.empty())
    seen = turns.back().text + turn.ahead;
  return true;
}

const std::string *Dialogue::last() const { return turns.empty() ? nullptr : &turns.back().question; }

void Dialogue::reset() {
  turns.clear();
  seen.clear();
  check(rwkvc_state_copy(model.state.get(), beginning.get()));
  readSystem();
}

void Dialogue::save(const std::string &path) {
  finishTurn();
  // Whoever loads it begins with the user's name.
  if (turns.empty() && !seen.empty())
    die("this far back the state has read '" + seen + "' already: ask something first");
  if (!turns.empty() && seen != turns.back().text) {
    restore(turns.back());
    feed(turns.back().text.substr(seen.size()));
    seen = turns.back().text;
  }
  check(rwkvc_state_save(model.state.get(), path.c_str()));
}

void Dialogue::load(const std::string &path) {
  check(rwkvc_state_load(model.state.get(), path.c_str()));
  turns.clear();
  seen.clear();
}
