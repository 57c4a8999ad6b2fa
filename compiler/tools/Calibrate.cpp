//===- Calibrate.cpp - What a model's matrices are multiplied with --------===//
#include "compiler/tools/Calibrate.h"
#include "dialects/Quant/Mixture.h"
#include "dialects/Quant/WeightClass.h"
#include "mlir/IR/MLIRContext.h"
#include "runtime/tools/Handles.h"
#include "runtime/tools/Tokens.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include <cmath>

using namespace rwkvc;
using llvm::Expected;

/// Below that, moments say more of the text than of the model.
static constexpr size_t kLeastTokens = 256;

static bool isCalibrated(const std::string &tensor, const TensorView &view, const weight::Mixture &mixture) {
  const weight::Format *format = mixture.format(weight::classOf(tensor, /*isTable=*/false));
  return view.shape.size() == 2 && format && format->packWithFeedback;
}

Expected<std::vector<int32_t>> rwkvc::readCalibrationTokens(const std::string &path, const Model &model,
                                                            llvm::StringRef weights) {
  Expected<weight::Mixture> mixture = weight::Mixture::parse(weights);
  if (!mixture)
    return mixture.takeError();
  if (llvm::none_of(model.tensors,
                    [&](const auto &tensor) { return isCalibrated(tensor.first, tensor.second, *mixture); }))
    return llvm::createStringError("--calibration changes matrices in q8 and q4, and --weights=" + weights +
                                   " gives the model none");
  std::vector<int32_t> tokens = readTokens(path, model.info.vocabulary);
  if (tokens.size() < kLeastTokens)
    return llvm::createStringError("'" + path + "' holds " + llvm::Twine(tokens.size()) +
                                   " tokens, and calibration needs at least " + llvm::Twine(kLeastTokens));
  return tokens;
}

namespace {

/// The name of a file that is gone when this is.
struct Temporary {
  explicit Temporary(llvm::StringRef beside) {
    llvm::SmallString<128> unique;
    llvm::sys::fs::getPotentiallyUniqueFileName(beside + ".calibration-%%%%%%%%", unique);
    path = unique.str();
  }
  ~Temporary() { llvm::sys::fs::remove(path); }
  Temporary(const Temporary &) = delete;

  std::string path;
};

/// A sequence that a module reads.
class Reader {
public:
  Reader(const std::string &path, uint64_t rows) : rows(rows), model(loadModel(path)) {}

  void read(const Calibration &calibration) {
    state = createState(model.get());
    SessionHandle session = createSession(model.get(), /*threads=*/0);
    for (uint64_t done = 0, all = calibration.tokens.size(); done < all;) {
      uint64_t count = std::min(rows, all - done);
      step(session.get(), calibration.tokens.data() + done, count);
      done += count;
      calibration.progress("reading the text of the calibration", done, all);
    }
  }

  Expected<weight::MomentsTable> moments() const {
    weight::MomentsTable table;
    const rwkvc_model_info_t &info = *rwkvc_model_info(model.get());
    for (uint32_t i = 0; i < info.slot_count; ++i) {
      llvm::StringRef names = info.slots[i].name;
      if (!names.consume_front(weight::kMomentsOf))
        continue;
      auto moments = std::make_shared<weight::InputMoments>();
      moments->block = info.slots[i].shape[2];
      moments->sums.resize(info.slots[i].floats);
      check(rwkvc_state_get_slot(state.get(), i, moments->sums.data(), moments->sums.size()));
      if (!llvm::all_of(moments->sums, [](float sum) { return std::isfinite(sum); }))
        return llvm::createStringError("over the text of the calibration the inputs of " + names + " are not finite");
      for (llvm::StringRef name : llvm::split(names, ' '))
        table.emplace(name, moments);
    }
    return table;
  }

private:
  void step(rwkvc_session_t *session, const int32_t *tokens, uint64_t count) {
    uint64_t firstRow[2] = {0, count};
    rwkvc_state_t *states[1] = {state.get()};
    rwkvc_batch_t batch = {};
    batch.rows = count;
    batch.sequences = 1;
    batch.tokens = tokens;
    batch.first_row = firstRow;
    batch.states = states;
    check(rwkvc_session_step(session, &batch, nullptr));
  }

  uint64_t rows;
  ModelHandle model;
  StateHandle state;
};

} // namespace

Expected<weight::MomentsTable> rwkvc::observeInputs(const Model &model, const BuildOptions &build,
                                                    const Calibration &calibration) {
  Expected<Target> target = resolveTarget("native");
  if (!target)
    return target.takeError();
  mlir::MLIRContext context;
  prepareContext(context);
  auto program = buildModel(context, model, build);
  if (!program)
    return program.takeError();

  PhaseOptions phases{*target};
  phases.activations = "f32";
  phases.observe = weight::kMomentsBlock;
  Temporary file(calibration.beside);
  auto show = [&](llvm::StringRef what, uint64_t done, uint64_t total) {
    calibration.progress(("calibration: " + what).str(), done, total);
  };
  Expected<CompiledModel> compiled =
      compileModel(**program, model.tensors, {phases, file.path, {}, calibration.release, show});
  if (!compiled)
    return compiled.takeError();
  Reader reader(file.path, phases.maxRows);
  llvm::sys::fs::remove(file.path); // it is mapped, and a process that is killed leaves nothing behind
  reader.read(calibration);
  return reader.moments();
}
