// rwkvc tokenize: a text's ids on one line, or the bytes of ids as they are.
#include "runtime/tools/Tokenize.h"

#include "runtime/host/NewFile.h"
#include "runtime/abi/rwkvc_tokenizer.h"
#include "runtime/tools/JsonWriter.h"
#include "runtime/tools/Tokens.h"

#include <cerrno>
#include <cstring>
#include <ctime>
#include <optional>

using namespace rwkvc;

namespace {

struct TokenizeOptions {
  std::string source, file, ids, packed;
  std::optional<std::string> text;
  bool json = false, measure = false;
};

std::vector<int32_t> encode(const rwkvc_tokenizer_t *tokenizer, const std::string &text) {
  // Tokens are seldom shorter than two bytes; where they are, the call is made again.
  std::vector<int32_t> ids(text.size() / 2 + 16);
  uint64_t count = 0;
  check(rwkvc_tokenizer_encode(tokenizer, text.data(), text.size(), ids.data(), ids.size(), &count));
  bool all = count <= ids.size();
  ids.resize(count);
  if (!all)
    check(rwkvc_tokenizer_encode(tokenizer, text.data(), text.size(), ids.data(), ids.size(), &count));
  return ids;
}

std::string decode(const rwkvc_tokenizer_t *tokenizer, const std::vector<int32_t> &ids) {
  uint64_t bytes = 0;
  check(rwkvc_tokenizer_decode(tokenizer, ids.data(), ids.size(), nullptr, 0, &bytes));
  std::string text(bytes, '\0');
  check(rwkvc_tokenizer_decode(tokenizer, ids.data(), ids.size(), text.data(), text.size(), &bytes));
  return text;
}

// This thread's own time: what other programs take is not the tokenizer's.
double processorSeconds() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// The best of several runs on one thread, in 10^6 bytes a second.
double megabytesPerSecond(const rwkvc_tokenizer_t *tokenizer, const std::string &text) {
  std::vector<int32_t> ids(encode(tokenizer, text).size());
  double best = 0, spent = 0;
  for (int i = 0; i < 3 || (spent < 0.5 && i < 1000); ++i) {
    double start = processorSeconds();
    uint64_t count = 0;
    check(rwkvc_tokenizer_encode(tokenizer, text.data(), text.size(), ids.data(), ids.size(), &count));
    double seconds = processorSeconds() - start;
    spent += seconds;
    best = std::max(best, static_cast<double>(text.size()) / 1e6 / seconds);
  }
  return best;
}

void printIds(const std::vector<int32_t> &ids) {
  std::string line;
  for (int32_t id : ids)
    line += (line.empty() ? "" : " ") + std::to_string(id);
  line += '\n';
  fwrite(line.data(), 1, line.size(), stdout);
}

void printJson(const TokenizeOptions &options, const rwkvc_tokenizer_t *tokenizer, const std::string &text) {
  std::vector<int32_t> ids = encode(tokenizer, text);
  JsonWriter json(stdout);
  json.beginObject();
  json.key("kind");
  json.string(rwkvc_tokenizer_kind(tokenizer));
  for (auto [key, value] : {std::pair<const char *, uint64_t>{"size", rwkvc_tokenizer_size(tokenizer)},
                            {"bytes", text.size()},
                            {"count", ids.size()}}) {
    json.key(key);
    json.integer(value);
  }
  if (options.measure) {
    json.key("mb_per_s");
    json.number(megabytesPerSecond(tokenizer, text));
  } else {
    json.key("ids");
    json.beginArray();
    for (int32_t id : ids)
      json.integer(static_cast<uint64_t>(id));
    json.endArray();
  }
  json.endObject();
}

void runTokenize(const TokenizeOptions &options, const OpenedTokenizer &opened) {
  const rwkvc_tokenizer_t *tokenizer = opened.tokenizer;
  if (!options.ids.empty()) {
    std::string text = decode(tokenizer, parseTokens(options.ids, rwkvc_tokenizer_size(tokenizer), "--ids"));
    fwrite(text.data(), 1, text.size(), stdout);
    return;
  }
  std::string text = options.text ? *options.text : readText(options.file);
  if (options.json)
    return printJson(options, tokenizer, text);
  if (!options.measure)
    return printIds(encode(tokenizer, text));
  printf("%zu bytes, %zu ids, %.1f MB/s\n", text.size(), encode(tokenizer, text).size(),
         megabytesPerSecond(tokenizer, text));
}

} // namespace

OpenedTokenizer rwkvc::openPackedTokenizer(const std::string &packed) {
  OpenedTokenizer opened;
  rwkvc_tokenizer_t *tokenizer = nullptr;
  check(rwkvc_tokenizer_create(packed.data(), packed.size(), &tokenizer));
  opened.own.reset(tokenizer);
  opened.tokenizer = tokenizer;
  return opened;
}

OpenedTokenizer rwkvc::openTokenizer(const std::string &path) {
  if (FILE *file = fopen(path.c_str(), "rbe")) {
    char magic[8] = {};
    bool packed = fread(magic, sizeof(magic), 1, file) == 1 && memcmp(magic, RWKVC_TOKENIZER_MAGIC, sizeof(magic)) == 0;
    fclose(file);
    if (packed)
      return openPackedTokenizer(readText(path));
  }
  OpenedTokenizer opened;
  opened.model = loadModel(path);
  check(rwkvc_model_tokenizer(opened.model.get(), &opened.tokenizer));
  return opened;
}

static void writeFile(const std::string &path, const std::string &bytes) {
  std::string why;
  std::optional<NewFile> file = NewFile::create(path, 0666, why);
  if (!file)
    die("cannot write '" + path + "': " + why);
  if (!file->write(bytes.data(), bytes.size()) || !file->keep())
    die("cannot write '" + path + "': " + strerror(errno));
}

void rwkvc::addTokenize(CLI::App &app, const TokenizerSource &source) {
  auto options = std::make_shared<TokenizeOptions>();
  CLI::App *verb = app.add_subcommand("tokenize", "Turn text into token ids, or ids into text");
  verb->add_option("tokenizer", options->source, source.what)->required()->type_name("FILE");
  auto *input = verb->add_option_group("input", "What to turn");
  input->add_option("text", options->text, "Text; its ids are printed on one line")->type_name("TEXT");
  input->add_option("--file", options->file, "File of the text, taken byte by byte")->type_name("FILE");
  CLI::Option *ids = input->add_option("--ids", options->ids, "Ids: 34,105,110; their bytes are written as they are")
                         ->type_name("IDS");
  if (source.pack)
    input->add_option("--pack", options->packed, "Write the packed form, which rwkvc_tokenizer_create takes")
        ->type_name("FILE");
  input->require_option(1);
  verb->add_flag("--json", options->json, "Print one JSON object")->excludes(ids);
  verb->add_flag("--measure", options->measure, "Print how fast it is instead of the ids: MB/s on one thread")
      ->excludes(ids);
  verb->footer("Example:\n  " + app.get_name() + " tokenize model.so \"Hello, world\"");
  verb->callback([options, source] {
    if (!options->packed.empty())
      return writeFile(options->packed, source.pack(options->source));
    runTokenize(*options, source.open(options->source));
  });
}
