// ask.cpp - Text in, text out in C++: ask MODEL.so QUESTION... One conversation: each question follows the answer
// before it, because the state remembers.
#include <rwkvc/rwkvc.hpp>

#include <iostream>

int main(int argc, char **argv) {
  if (argc < 3) {
    std::cerr << "usage: ask MODEL.so QUESTION...\n";
    return 1;
  }
  try {
    rwkvc::Model model(argv[1]);
    rwkvc::Session session(model);
    rwkvc::State conversation(model);
    rwkvc::Sampler sampler(model, {.temperature = 0});
    for (int i = 2; i < argc; ++i) {
      std::string prompt = std::string("User: ") + argv[i] + "\n\nAssistant:";
      session.generate(conversation, sampler, prompt, {.max_tokens = 100, .stops = {"\n\n"}},
                       [](std::string_view text) { std::cout << text << std::flush; });
      std::cout << '\n';
    }
  } catch (const rwkvc::Error &error) {
    std::cerr << "ask: " << error.what() << '\n';
    return 1;
  }
}
