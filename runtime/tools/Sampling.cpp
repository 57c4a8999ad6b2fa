// One table of the numbers: flags, /set and what /set lists are made of it.
#include "runtime/tools/Sampling.h"

#include <charconv>
#include <variant>

using namespace rwkvc;

namespace {

using Place = std::variant<float rwkvc_sampling_t::*, uint32_t rwkvc_sampling_t::*, uint64_t rwkvc_sampling_t::*>;
struct Number {
  const char *name;
  Place place;
  const char *meaning;
};

constexpr Number numbers[] = {
    {"temperature", &rwkvc_sampling_t::temperature, "Below 1 likely tokens become likelier; 0 takes the likeliest"},
    {"top-p", &rwkvc_sampling_t::top_p, "The likeliest tokens that have this share of the probability; 1 is all"},
    {"top-k", &rwkvc_sampling_t::top_k, "This many of the likeliest tokens; 0 is all"},
    {"min-p", &rwkvc_sampling_t::min_p, "Tokens with this share of the likeliest one's probability; 0 is all"},
    {"presence-penalty", &rwkvc_sampling_t::presence_penalty, "Taken from the logits of tokens that came before"},
    {"frequency-penalty", &rwkvc_sampling_t::frequency_penalty, "The same for each time that they came"},
    {"penalty-decay", &rwkvc_sampling_t::penalty_decay, "What is left of those counts after each token"},
    {"seed", &rwkvc_sampling_t::seed, "Same seed, same text"},
};

} // namespace

template <typename Number> bool rwkvc::parseNumber(std::string_view text, Number &out_number) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out_number);
  return error == std::errc() && end == text.data() + text.size();
}
template bool rwkvc::parseNumber(std::string_view, uint64_t &);

// Strings of our own making, not CLI11's numbers, which take -1 for a very large one.
static std::string assign(rwkvc_sampling_t &values, const Number &number, const std::string &text) {
  auto parse = [&](auto place) { return parseNumber(text, values.*place); };
  if (std::visit(parse, number.place))
    return {};
  bool isCount = !std::holds_alternative<float rwkvc_sampling_t::*>(number.place);
  return "'" + text.substr(0, 32) + "' is no " + (isCount ? "count" : "number") + " for " + number.name;
}

void Sampling::addFlags(CLI::App &verb) {
  for (const Number &number : numbers) {
    auto take = [this, &number](const std::string &text) {
      if (std::string wrong = assign(values, number, text); !wrong.empty())
        die(wrong);
    };
    auto show = [&](auto place) { return CLI::detail::to_string(values.*place); };
    verb.add_option_function<std::string>(std::string("--") + number.name, take, number.meaning)
        ->type_name("N")
        ->default_str(std::visit(show, number.place));
  }
  verb.add_option("--logit-bias", biases, "ID=VALUE: added to a token's logit; -inf forbids it. May be repeated")
      ->type_name("ID=VALUE")
      ->allow_extra_args(false);
}

std::string Sampling::set(std::string_view name, const std::string &text, uint32_t vocabulary) {
  for (const Number &number : numbers) {
    if (name != number.name)
      continue;
    Sampling changed = *this;
    SamplerHandle sampler;
    std::string wrong = assign(changed.values, number, text);
    if (wrong.empty())
      wrong = changed.tryCreate(vocabulary, sampler);
    if (wrong.empty())
      *this = changed;
    return wrong;
  }
  return "there is no setting '" + std::string(name) + "'";
}

std::string Sampling::describe() const {
  std::string lines;
  for (const Number &number : numbers) {
    auto show = [&](auto place) { return CLI::detail::to_string(values.*place); };
    lines += std::string(number.name) + " " + std::visit(show, number.place) + "\n";
  }
  return lines;
}

std::string Sampling::tryCreate(uint32_t vocabulary, SamplerHandle &out_sampler) const {
  std::vector<int32_t> tokens;
  std::vector<float> added;
  for (const std::string &bias : biases) {
    size_t equals = bias.find('=');
    int32_t token;
    float value;
    if (equals == std::string::npos || !parseNumber(std::string_view(bias).substr(0, equals), token) ||
        !parseNumber(std::string_view(bias).substr(equals + 1), value))
      return "--logit-bias '" + bias.substr(0, 32) + "' is not an id, '=' and a number";
    tokens.push_back(token);
    added.push_back(value);
  }
  rwkvc_sampling_t sampling = values;
  sampling.bias_tokens = tokens.data();
  sampling.bias_values = added.data();
  sampling.bias_count = tokens.size();
  rwkvc_sampler_t *sampler = nullptr;
  if (rwkvc_status_t status = rwkvc_sampler_create(vocabulary, &sampling, &sampler))
    return rwkvc_status_message(status);
  out_sampler.reset(sampler);
  return {};
}

SamplerHandle Sampling::create(uint32_t vocabulary) const {
  SamplerHandle sampler;
  if (std::string wrong = tryCreate(vocabulary, sampler); !wrong.empty())
    die(wrong);
  return sampler;
}
