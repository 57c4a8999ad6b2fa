// Positions count from 1, as a text editor's user does.
#include "runtime/tools/Tokens.h"

#include "runtime/tools/Handles.h"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <string_view>

using namespace rwkvc;

// A device need not end.
static constexpr size_t mostTextBytes = 1 << 30;

static int32_t parseToken(std::string_view text, size_t position, const std::string &where, uint32_t vocabulary) {
  std::string subject = "token " + std::to_string(position) + " of " + where + " is ";
  // A whole file without white space would otherwise be the message.
  std::string shown = "'" + std::string(text.substr(0, 32)) + (text.size() > 32 ? "...'" : "'");
  uint64_t id = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (end != text.data() + text.size() || error == std::errc::invalid_argument)
    die(subject + shown + ", which is no decimal id");
  if (error != std::errc() || id >= vocabulary)
    die(subject + shown + ", but the vocabulary has " + std::to_string(vocabulary));
  return static_cast<int32_t>(id);
}

std::vector<int32_t> rwkvc::parseTokens(const std::string &list, uint32_t vocabulary, const std::string &option) {
  std::vector<int32_t> tokens;
  for (size_t begin = 0;;) {
    size_t end = std::min(list.find(',', begin), list.size());
    std::string_view text = std::string_view(list).substr(begin, end - begin);
    tokens.push_back(parseToken(text, tokens.size() + 1, option, vocabulary));
    if (end == list.size())
      return tokens;
    begin = end + 1;
  }
}

std::string rwkvc::readText(const std::string &path) {
  FILE *file = fopen(path.c_str(), "rbe");
  if (!file)
    die("cannot read '" + path + "': " + strerror(errno));
  std::string text;
  char piece[1 << 16];
  while (size_t got = fread(piece, 1, sizeof(piece), file)) {
    if (text.size() + got > mostTextBytes) {
      fclose(file);
      die("'" + path + "' is longer than the 1 GiB that is read");
    }
    text.append(piece, got);
  }
  int error = ferror(file) ? errno : 0;
  fclose(file);
  if (error)
    die("cannot read '" + path + "': " + strerror(error));
  return text;
}

std::vector<int32_t> rwkvc::readTokens(const std::string &path, uint32_t vocabulary) {
  std::string text = readText(path);
  constexpr const char *space = " \t\r\n\v\f";
  std::vector<int32_t> tokens;
  for (size_t begin = text.find_first_not_of(space); begin != std::string::npos;) {
    size_t end = std::min(text.find_first_of(space, begin), text.size());
    tokens.push_back(
        parseToken(std::string_view(text).substr(begin, end - begin), tokens.size() + 1, "'" + path + "'", vocabulary));
    begin = text.find_first_not_of(space, end);
  }
  if (tokens.empty())
    die("'" + path + "' holds no tokens");
  return tokens;
}
