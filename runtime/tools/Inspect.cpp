// rwkvc inspect M.so: everything that a compiled module says of itself, for people or as JSON.
#include "runtime/include/rwkvc/tokenizer.h"
#include "runtime/tools/Handles.h"
#include "runtime/tools/JsonWriter.h"
#include "runtime/tools/Verbs.h"

#include <cinttypes>
#include <sstream>
#include <string_view>
#include <vector>

using namespace rwkvc;

namespace {

std::string hex(uint64_t value) {
  char text[17];
  snprintf(text, sizeof(text), "%016" PRIx64, value);
  return text;
}

std::string hex(const uint8_t (&bytes)[16]) {
  std::string text;
  for (uint8_t byte : bytes) {
    char two[3];
    snprintf(two, sizeof(two), "%02x", byte);
    text += two;
  }
  return text;
}

std::string size(uint64_t bytes) {
  char text[64];
  const char *units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  double value = static_cast<double>(bytes);
  int unit = 0;
  for (; value >= 1024 && unit < 4; ++unit)
    value /= 1024;
  if (unit == 0)
    snprintf(text, sizeof(text), "%" PRIu64 " B", bytes);
  else
    snprintf(text, sizeof(text), "%.1f %s (%" PRIu64 " B)", value, units[unit], bytes);
  return text;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream{std::string(text)};
  for (std::string part; std::getline(stream, part, separator);)
    if (!part.empty())
      parts.push_back(part);
  return parts;
}

void printList(JsonWriter &json, const char *key, std::string_view text, char separator) {
  json.key(key);
  json.beginArray();
  for (const std::string &part : split(text, separator))
    json.string(part);
  json.endArray();
}

void printSlots(JsonWriter &json, const rwkvc_model_info_t &info) {
  json.key("slots");
  json.beginArray();
  for (uint32_t i = 0; i < info.slot_count; ++i) {
    const rwkvc_slot_t &slot = info.slots[i];
    json.beginObject();
    json.key("name");
    json.string(slot.name);
    json.key("shape");
    json.beginArray();
    for (uint32_t d = 0; d < slot.rank; ++d)
      json.integer(slot.shape[d]);
    json.endArray();
    json.key("first_float");
    json.integer(slot.first_float);
    json.key("initial");
    json.number(slot.initial);
    json.endObject();
  }
  json.endArray();
}

struct Number {
  const char *key;
  uint64_t value;
};

std::vector<Number> dimensions(const rwkvc_model_info_t &info) {
  return {{"layers", info.layers},       {"channels", info.channels},   {"heads", info.heads},
          {"head_size", info.head_size}, {"ffn_width", info.ffn_width}, {"vocabulary", info.vocabulary},
          {"max_rows", info.max_rows}};
}

std::vector<Number> sizes(const rwkvc_model_info_t &info) {
  return {{"file_bytes", info.file_bytes},
          {"image_bytes", info.image_bytes},
          {"weights_offset", info.weights_offset},
          {"weights_bytes", info.weights_bytes},
          {"decode_bytes", info.decode_bytes},
          {"skippable_bytes", info.skippable_bytes},
          {"state_bytes", info.state_bytes},
          {"arena_row_bytes", info.arena_row_bytes},
          {"arena_bytes", info.arena_row_bytes * info.max_rows}};
}

// All that a decoded token reads, over the weights of all matrices that it is multiplied with: the embedding is not
// one, vectors are among the bytes. 0 without matrices.
double bitsPerWeight(const rwkvc_model_info_t &info) {
  double weights = static_cast<double>(info.row_flops + info.head_flops) / 2;
  return weights > 0 ? 8 * static_cast<double>(info.decode_bytes) / weights : 0;
}

// NULL if the module has none; whatever else is wrong with it ends the verb.
const rwkvc_tokenizer_t *tokenizerOf(const ModelHandle &model) {
  const rwkvc_tokenizer_t *tokenizer = nullptr;
  rwkvc_status_t status = rwkvc_model_tokenizer(model.get(), &tokenizer);
  if (status != RWKVC_INCOMPATIBLE)
    check(status);
  return tokenizer;
}

void printTokenizer(JsonWriter &json, const rwkvc_tokenizer_t *tokenizer) {
  json.key("tokenizer");
  if (!tokenizer)
    return json.null();
  json.beginObject();
  json.key("kind");
  json.string(rwkvc_tokenizer_kind(tokenizer));
  json.key("size");
  json.integer(rwkvc_tokenizer_size(tokenizer));
  json.key("end");
  if (int32_t end = rwkvc_tokenizer_end(tokenizer); end >= 0)
    json.integer(static_cast<uint64_t>(end));
  else
    json.null();
  json.endObject();
}

void printJson(const rwkvc_model_info_t &info, const rwkvc_tokenizer_t *tokenizer, bool verified) {
  JsonWriter json(stdout);
  json.beginObject();
  json.key("kind");
  json.string("module");
  json.key("abi_version");
  json.integer(info.abi_version);
  for (auto [key, text] : {std::pair{"compiler", info.compiler},
                           {"architecture", info.architecture},
                           {"target_triple", info.target_triple},
                           {"target_cpu", info.target_cpu}}) {
    json.key(key);
    json.string(text);
  }
  printList(json, "cpu_features", info.cpu_features, ',');
  json.key("weight_formats");
  json.beginObject();
  for (const std::string &part : split(info.weight_formats, ',')) {
    size_t equals = std::min(part.find('='), part.size());
    json.key(part.substr(0, equals));
    json.string(equals < part.size() ? part.substr(equals + 1) : "");
  }
  json.endObject();
  for (const std::vector<Number> &group : {dimensions(info), sizes(info)})
    for (const Number &number : group) {
      json.key(number.key);
      json.integer(number.value);
    }
  for (Number number :
       {Number{"state_floats", info.state_floats}, {"row_flops", info.row_flops}, {"head_flops", info.head_flops}}) {
    json.key(number.key);
    json.integer(number.value);
  }
  json.key("bits_per_weight");
  json.number(bitsPerWeight(info));
  for (auto [key, text] : {std::pair{"model_id", hex(info.model_id)},
                           {"content_hash", hex(info.content_hash)},
                           {"image_hash", hex(info.image_hash)},
                           {"weights_hash", hex(info.weights_hash)}}) {
    json.key(key);
    json.string(text);
  }
  json.key("weights_verified");
  json.boolean(verified);
  printTokenizer(json, tokenizer);
  printList(json, "kernels", info.kernels, '\n');
  printSlots(json, info);
  json.endObject();
}

void printText(const std::string &path, const rwkvc_model_info_t &info, const rwkvc_tokenizer_t *tokenizer,
               bool verified) {
  auto line = [](const char *name, const std::string &value) { printf("%-16s %s\n", name, value.c_str()); };
  line("module", path);
  line("compiler", std::string(info.compiler) + ", module version " + std::to_string(info.abi_version));
  line("architecture", info.architecture);
  line("target", std::string(info.target_triple) + ", " + info.target_cpu);
  line("cpu features", info.cpu_features);
  line("weight formats", info.weight_formats);
  char bits[64];
  snprintf(bits, sizeof(bits), "%.3f, of all that a token reads", bitsPerWeight(info));
  line("bits a weight", bits);
  line("tokenizer", tokenizer ? std::string(rwkvc_tokenizer_kind(tokenizer)) + ", " +
                                    std::to_string(rwkvc_tokenizer_size(tokenizer)) + " ids"
                              : "none");
  line("model id", hex(info.model_id));
  line("content hash", hex(info.content_hash));
  line("weights hash", hex(info.weights_hash) + (verified ? ", verified" : ""));
  for (const Number &number : dimensions(info))
    line(number.key, std::to_string(number.value));
  for (const Number &number : sizes(info))
    line(number.key, size(number.value));
  line("flops", std::to_string(info.row_flops) + " a row, " + std::to_string(info.head_flops) + " a row's logits");
  printf("kernels\n");
  for (const std::string &kernel : split(info.kernels, '\n'))
    printf("  %s\n", kernel.c_str());
  printf("state slots\n");
  for (uint32_t i = 0; i < info.slot_count; ++i) {
    const rwkvc_slot_t &slot = info.slots[i];
    std::string shape;
    for (uint32_t d = 0; d < slot.rank; ++d)
      shape += (d ? " x " : "") + std::to_string(slot.shape[d]);
    printf("  %-24s %s, initially %g\n", slot.name, shape.c_str(), static_cast<double>(slot.initial));
  }
}

} // namespace

void rwkvc::inspectModule(const std::string &path, bool json, bool verify) {
  ModelHandle model = loadModel(path);
  if (verify)
    check(rwkvc_model_verify(model.get()));
  const rwkvc_model_info_t &info = *rwkvc_model_info(model.get());
  const rwkvc_tokenizer_t *tokenizer = tokenizerOf(model);
  if (json)
    printJson(info, tokenizer, verify);
  else
    printText(path, info, tokenizer, verify);
}
