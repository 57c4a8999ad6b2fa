// The verbs that need only the runtime. Each adds one subcommand; a failing one prints its sentence and throws
// CLI::RuntimeError(1).
#ifndef RUNTIME_TOOLS_VERBS_H
#define RUNTIME_TOOLS_VERBS_H

#include <string>

namespace CLI {
class App;
}

namespace rwkvc {

void addLogits(CLI::App &app);
void addBench(CLI::App &app);
void addRun(CLI::App &app);
void addChat(CLI::App &app);
void addCompare(CLI::App &app);

// What `inspect` shows of a compiled module. `verify` reads all weights and checks their hash.
void inspectModule(const std::string &path, bool json, bool verify);

} // namespace rwkvc

#endif // RUNTIME_TOOLS_VERBS_H
