//===- InputMajorWeight.cpp - Blocks of outputs side by side --------------===//
#include "dialects/Quant/InputMajorWeight.h"
#include <algorithm>

using namespace rwkvc::weight;

static int64_t scaleBytes(const InputMajor &layout) { return layout.levelOutputs ? kInputBlock * sizeof(float) : 0; }
static int64_t blockLevels(const InputMajor &layout) {
  return layout.levelOutputs ? kInputBlock / layout.levelOutputs : 0;
}

InputMajorWeight::InputMajorWeight(const InputMajor &layout, int64_t outputs, int64_t inputs)
    : layout(layout), outputs(outputs), inputs(inputs), whole(layout.bytes(outputs, inputs)) {}

int64_t InputMajorWeight::blockBytes(const InputMajor &layout, int64_t inputs) {
  return scaleBytes(layout) + inputs * (layout.codeBytes + blockLevels(layout));
}

void InputMajorWeight::packBlock(const InputMajor &layout, const float *rows, int64_t inputs, uint8_t *block) {
  uint8_t *codes = block + scaleBytes(layout), *levels = codes + inputs * layout.codeBytes;
  layout.pack(rows, inputs, reinterpret_cast<float *>(block), codes, reinterpret_cast<int8_t *>(levels));
}

void InputMajorWeight::append(llvm::ArrayRef<uint8_t> blocks) {
  for (int64_t size = blockBytes(layout, inputs); !blocks.empty(); blocks = blocks.drop_front(size))
    put(blocks.data());
}

void InputMajorWeight::put(const uint8_t *block) {
  std::copy_n(block, scaleBytes(layout), whole.data() + next * scaleBytes(layout));
  const uint8_t *codes = block + scaleBytes(layout), *levels = codes + inputs * layout.codeBytes;
  uint8_t *piece = whole.data() + layout.headBytes(outputs);
  for (int64_t k = 0; k < inputs; ++k, piece += layout.pieceBytes(outputs)) {
    std::copy_n(codes + k * layout.codeBytes, layout.codeBytes, piece + next * layout.codeBytes);
    std::copy_n(levels + k * blockLevels(layout), blockLevels(layout),
                piece + layout.levelsOffset(outputs) + next * blockLevels(layout));
  }
  ++next;
}
