// A line of standard input as it is, without its end.
#ifndef RUNTIME_TOOLS_PLAINLINE_H
#define RUNTIME_TOOLS_PLAINLINE_H

#include "runtime/tools/LineEditor.h"

namespace rwkvc {

LineEditor::Outcome readPlainLine(std::string &out_line);

} // namespace rwkvc

#endif // RUNTIME_TOOLS_PLAINLINE_H
