// Numbers and lists as users write them. The first byte says which.
#include "runtime/tools/Sampling.h"
#include "runtime/tools/Tokens.h"
#include "test/fuzz/FuzzedFile.h"

using namespace rwkvc;

static constexpr uint32_t vocabulary = 65536;

static void checkTokens(const std::vector<int32_t> &tokens) {
  fuzz::demand(!tokens.empty());
  for (int32_t token : tokens)
    fuzz::demand(token >= 0 && static_cast<uint32_t>(token) < vocabulary);
}

static void setSampling(const std::string &text) {
  size_t space = std::min(text.find(' '), text.size());
  Sampling sampling;
  std::string value = text.substr(std::min(space + 1, text.size()));
  bool refused = !sampling.set(text.substr(0, space), value, vocabulary).empty();
  SamplerHandle sampler;
  fuzz::demand(refused || sampling.tryCreate(vocabulary, sampler).empty());
}

// As on the command line, each word an argument.
static void parseFlags(const std::string &text) {
  Sampling sampling;
  CLI::App verb("fuzz");
  sampling.addFlags(verb);
  verb.parse(text);
  SamplerHandle sampler;
  sampling.tryCreate(vocabulary, sampler);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  if (size == 0)
    return 0;
  std::string text(reinterpret_cast<const char *>(bytes) + 1, size - 1);
  try {
    switch (bytes[0] % 4) {
    case 0:
      checkTokens(parseTokens(text, vocabulary));
      break;
    case 1:
      checkTokens(readTokens(fuzz::FuzzedFile(text.data(), text.size()).path(), vocabulary));
      break;
    case 2:
      setSampling(text);
      break;
    case 3:
      parseFlags(text);
      break;
    }
  } catch (const CLI::Error &) { // a sentence was printed
  }
  return 0;
}
