// Writes modules around hand-made programs, and checks the file's every byte and what happens when it cannot be
// written.
#include "compiler/Pipeline/ModuleWriter.h"
#include "dialects/Kernel/Kernel.h"
#include "dialects/Quant/Pack.h"
#include "dialects/Quant/Weight.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"
#include "runtime/abi/trailer.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include <csignal>
#include <gtest/gtest.h>
#include <numeric>
#include <sys/resource.h>

using namespace rwkvc;

namespace {

// "k" is packed, "v" is a vector behind it, "t" is another view of "k"; the norm reads two vectors more.
constexpr const char *program = R"(
module {
  func.func @forward() {
    %k = weight.tensor "k" {place = #kernel.place<weights, 0>} : tensor<40x9xFORMAT, #weight.layout<"FORMAT", panel = 32>>
    %v = weight.tensor "v" {place = #kernel.place<weights, 8192>} : tensor<7xf32, #weight.layout<"f32", panel = 0>>
    %w = weight.tensor "v" {place = #kernel.place<weights, 8192>} : tensor<7xf32, #weight.layout<"f32", panel = 0>>
    %t = weight.tensor "t" transforms [#weight.layer_norm<"scale", "offset", 1.0e-5 : f64>]
        {place = #kernel.place<weights, 12288>} : tensor<9x40xf32, #weight.layout<"f32", panel = 0>>
    return
  }
}
)";

std::string withFormat(llvm::StringRef format, std::string text = program) {
  for (size_t at; (at = text.find("FORMAT")) != std::string::npos;)
    text.replace(at, 6, format.str());
  return text;
}

class Writer : public testing::Test {
protected:
  Writer() : context(mlir::MLIRContext::Threading::DISABLED), values(40 * 9) {
    context.loadDialect<weight::WeightDialect, kernel::KernelDialect, mlir::func::FuncDialect>();
    std::iota(values.begin(), values.end(), -100.0f);
    auto view = [&](int64_t first, llvm::ArrayRef<int64_t> shape) {
      return TensorView::dense(reinterpret_cast<const std::byte *>(values.data() + first), DType::F32, shape);
    };
    tensors["k"] = view(0, {40, 9});
    tensors["t"] = view(0, {40, 9});
    std::swap(tensors["t"].shape[0], tensors["t"].shape[1]);
    std::swap(tensors["t"].strides[0], tensors["t"].strides[1]);
    tensors["v"] = view(20, {7});
    tensors["scale"] = view(100, {40});
    tensors["offset"] = view(200, {40});
    tensors["unused"] = view(300, {10});
    EXPECT_FALSE(llvm::sys::fs::createUniqueDirectory("writer-test", folder));
    path = (folder + "/m.so").str();
  }
  ~Writer() { llvm::sys::fs::remove_directories(folder); }

  llvm::Error write(llvm::StringRef text) {
    released = done = 0;
    auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    if (!module)
      return llvm::createStringError("cannot parse");
    auto weights = placedWeights(*module, tensors);
    if (!weights)
      return weights.takeError();
    auto file = OutputFile::create(path);
    if (!file)
      return file.takeError();
    if (llvm::Error error = writeModule(*file, {image, *weights, extent(*weights) + 32, tensors, {},
                                                [&](llvm::ArrayRef<std::byte> range) { released += range.size(); },
                                                [&](uint64_t bytes) { done = bytes; }}))
      return error;
    return file->commit();
  }

  std::string refusal(llvm::StringRef text) { return llvm::toString(write(text)); }

  std::vector<uint8_t> contents() {
    auto buffer = llvm::MemoryBuffer::getFile(path);
    EXPECT_TRUE(bool(buffer));
    llvm::StringRef bytes = (*buffer)->getBuffer();
    return {bytes.bytes_begin(), bytes.bytes_end()};
  }

  rwkvc_trailer_t trailer() {
    std::vector<uint8_t> bytes = contents();
    rwkvc_trailer_t trailer;
    memcpy(&trailer, bytes.data() + bytes.size() - sizeof(trailer), sizeof(trailer));
    return trailer;
  }

  std::vector<uint8_t> modelId() {
    rwkvc_trailer_t end = trailer();
    return {end.model_id, end.model_id + 16};
  }

  size_t filesInFolder() {
    std::error_code error;
    size_t count = 0;
    for (llvm::sys::fs::directory_iterator it(folder, error), end; it != end; it.increment(error))
      ++count;
    return count;
  }

  mlir::MLIRContext context;
  std::vector<float> values;
  TensorTable tensors;
  llvm::SmallString<64> folder;
  std::string path;
  std::vector<uint8_t> image = std::vector<uint8_t>(5000, 7);
  uint64_t released = 0, done = 0;
};

TEST_F(Writer, EveryByte) {
  ASSERT_EQ(refusal(withFormat("f32")), "");
  std::vector<uint8_t> bytes = contents();
  rwkvc_trailer_t end = trailer();
  EXPECT_EQ(rwkvc_trailer_check(&end, bytes.size()), RWKVC_TRAILER_OK);
  EXPECT_EQ(end.image_bytes, 5000u);
  EXPECT_EQ(end.weights_offset, 8192u);
  EXPECT_EQ(end.weights_bytes, 12288u + 9 * 40 * 4 + 32);
  EXPECT_EQ(end.image_hash, XXH3_64bits(bytes.data(), end.image_bytes));
  EXPECT_EQ(end.weights_hash, XXH3_64bits(bytes.data() + end.weights_offset, end.weights_bytes));
  for (size_t i = 0; i < end.weights_offset; ++i)
    ASSERT_EQ(bytes[i], i < 5000 ? 7 : 0) << i;

  auto at = [&](uint64_t offset) {
    float x;
    memcpy(&x, bytes.data() + end.weights_offset + offset, sizeof(x));
    return x;
  };
  // Two panels of 32 outputs: the second one's outputs begin at 32.
  EXPECT_EQ(at(0), -100);
  EXPECT_EQ(at(4), -91);
  EXPECT_EQ(at(32 * 4), -99);
  EXPECT_EQ(at(32 * 9 * 4), values[32 * 9]);
  EXPECT_EQ(at(32 * 9 * 4 + 8 * 4), 0);
  for (int i = 0; i < 7; ++i)
    EXPECT_EQ(at(8192 + 4 * i), values[20 + i]);
  EXPECT_EQ(at(8192 + 4 * 7), 0);
  // Columns of k are an arithmetic sequence: its first normalised value is -sqrt(3 * 39 / 41).
  EXPECT_NEAR(at(12288), -std::sqrt(3 * 39 / 41.) * values[100] + values[200], 1e-3);
  EXPECT_EQ(done, end.weights_bytes);
  EXPECT_GT(released, 0u);
  EXPECT_EQ(filesInFolder(), 1u);
}

TEST_F(Writer, IdentityIsTheModels) {
  ASSERT_EQ(refusal(withFormat("f32")), "");
  std::vector<uint8_t> id = modelId();
  ASSERT_EQ(refusal(withFormat("bf16")), "");
  EXPECT_EQ(modelId(), id) << "the weight format is not the model";
  image.resize(100);
  values[300 + 60 - 1] += 1; // only of k
  ASSERT_EQ(refusal(withFormat("bf16")), "");
  EXPECT_NE(modelId(), id) << "one element differs";
  values[300 + 60 - 1] -= 1;
  tensors["scale"].data += 4; // only in a transform
  ASSERT_EQ(refusal(withFormat("bf16")), "");
  EXPECT_NE(modelId(), id);
  tensors["scale"].data -= 4;
  tensors.erase("unused");
  ASSERT_EQ(refusal(withFormat("bf16")), "");
  EXPECT_EQ(modelId(), id) << "what is not used does not count";
}

TEST_F(Writer, RefusesWhatHasNoPlace) {
  auto with = [](llvm::StringRef from, llvm::StringRef to) {
    std::string text = withFormat("f32");
    text.replace(text.find(from.str()), from.size(), to.str());
    return text;
  };
  EXPECT_EQ(refusal(with("weights, 8192", "weights, 64")), "weights 'k' and 'v' have places that overlap");
  EXPECT_EQ(refusal(with("weights, 8192", "weights, 8193")), "weight 'v' has no place in the module");
  EXPECT_EQ(refusal(with("weights, 8192", "arena, 8192")), "weight 'v' has no place in the module");
  EXPECT_EQ(refusal(with("\"t\"", "\"z\"")), "the checkpoint has no tensor 'z'");
  EXPECT_EQ(refusal(with("<\"f32\", panel = 32>", "<\"q9\", panel = 32>")), "weight 'k' has the unknown format 'q9'");
  values[3] = NAN;
  EXPECT_EQ(refusal(withFormat("f32")), "weight 'k' has a value that is not finite");
  EXPECT_EQ(filesInFolder(), 0u);
}

TEST_F(Writer, KeepsWhatWasThereUntilItIsDone) {
  std::error_code error;
  llvm::raw_fd_ostream(path, error) << "precious";
  values[3] = NAN;
  EXPECT_NE(refusal(withFormat("f32")), "");
  EXPECT_EQ(contents().size(), strlen("precious"));
  EXPECT_EQ(filesInFolder(), 1u);
}

TEST_F(Writer, RefusesWhatCannotBeWritten) {
  std::string file = path;
  path = folder.str().str();
  EXPECT_EQ(refusal(withFormat("f32")), "cannot write '" + path + "': it is a directory");
  path = "/dev/null";
  EXPECT_EQ(refusal(withFormat("f32")), "cannot write '/dev/null': it is not a regular file");
  path = file + "/below/m.so";
  EXPECT_EQ(refusal(withFormat("f32")), "cannot write '" + path + "': No such file or directory");

  // A limit on the size of files is like a full disk.
  path = file;
  signal(SIGXFSZ, SIG_IGN);
  rlimit before;
  getrlimit(RLIMIT_FSIZE, &before);
  rlimit small = {10000, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  EXPECT_EQ(refusal(withFormat("f32")), "cannot write '" + path + "': File too large");
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_EQ(filesInFolder(), 0u);
}

} // namespace
