// See Inputs/fake_module.c for the maths.
#include "test/runtime/FakeModule.h"

#include "test/runtime/TemporaryFolder.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace fake;

static float weightOf(int32_t token) { return static_cast<float>(token) * 0.125f - 1.0f; }

std::string fake::readFile(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void fake::writeFile(const std::string &path, const std::string &bytes) {
  std::ofstream file(path, std::ios::binary);
  file << bytes;
  ASSERT_TRUE(file.flush()) << path;
}

std::string fake::temporary(const std::string &name) {
  static const rwkvc::TemporaryFolder folder;
  return folder.path() + "/" + name;
}

// Where they were built, unless a bundle of fuzz targets was carried to another machine.
static std::string imagesFolder() {
  const char *carried = getenv("RWKVC_TEST_IMAGES");
  return carried ? carried : FAKE_IMAGES;
}

Parts fake::partsOf(const std::string &image) {
  Parts parts;
  parts.image = readFile(imagesFolder() + "/" + image + ".so");
  for (int32_t token = 0; token < static_cast<int32_t>(vocabulary); ++token) {
    float weight = weightOf(token);
    parts.weights.append(reinterpret_cast<const char *>(&weight), sizeof(weight));
  }
  return parts;
}

std::string fake::seal(const Parts &parts) {
  rwkvc_trailer_t trailer = {};
  trailer.image_bytes = parts.image.size();
  trailer.weights_bytes = parts.weights.size();
  trailer.image_hash = XXH3_64bits(parts.image.data(), parts.image.size());
  trailer.weights_hash = XXH3_64bits(parts.weights.data(), parts.weights.size());
  memcpy(trailer.model_id, parts.modelId.data(), sizeof(trailer.model_id));
  rwkvc_trailer_seal(&trailer);
  std::string module = parts.image;
  module.resize(trailer.weights_offset);
  module += parts.weights;
  return module.append(reinterpret_cast<const char *>(&trailer), sizeof(trailer));
}

std::string fake::sealedFile(const std::string &image) {
  std::string path = temporary(image + ".so");
  if (!std::filesystem::exists(path))
    writeFile(path, seal(partsOf(image)));
  return path;
}

rwkvc_trailer_t fake::trailerOf(const std::string &module) {
  rwkvc_trailer_t trailer;
  memcpy(&trailer, module.data() + module.size() - sizeof(trailer), sizeof(trailer));
  return trailer;
}

void fake::resealTrailer(std::string &module, const rwkvc_trailer_t &changed) {
  rwkvc_trailer_t trailer = changed;
  trailer.trailer_hash = rwkvc_trailer_hash(&trailer);
  memcpy(module.data() + module.size() - sizeof(trailer), &trailer, sizeof(trailer));
}

Model fake::load(const std::string &path) {
  rwkvc_model_t *model = nullptr;
  EXPECT_EQ(rwkvc_model_load(path.c_str(), &model), RWKVC_OK) << rwkvc_status_message(RWKVC_CORRUPTED);
  return Model(model);
}

State fake::newState(const Model &model) {
  rwkvc_state_t *state = nullptr;
  EXPECT_EQ(rwkvc_state_create(model.get(), &state), RWKVC_OK);
  return State(state);
}

Session fake::newSession(const Model &model, uint32_t threads) {
  rwkvc_session_t *session = nullptr;
  EXPECT_EQ(rwkvc_session_create(model.get(), threads, &session), RWKVC_OK);
  return Session(session);
}

std::vector<float> fake::floatsOf(const State &state) {
  std::vector<float> floats(2 * channels);
  EXPECT_EQ(rwkvc_state_get(state.get(), floats.data(), floats.size()), RWKVC_OK);
  return floats;
}

void fake::expectRefusal(rwkvc_status_t status, rwkvc_status_t expected, const std::string &words) {
  EXPECT_EQ(status, expected) << rwkvc_status_message(status);
  std::string sentence = rwkvc_status_message(status);
  EXPECT_NE(sentence.find(words), std::string::npos) << "'" << sentence << "' lacks '" << words << "'";
}

std::vector<float> Reference::feed(int32_t token) {
  count += 1.0f;
  for (uint64_t c = 0; c < channels; ++c)
    sum[c] = sum[c] * 0.5f + weightOf(token) + static_cast<float>(c);
  std::vector<float> logits(vocabulary, 0.0f);
  for (uint64_t v = 0; v < vocabulary; ++v)
    for (float channel : sum)
      logits[v] += channel * static_cast<float>(v + 1);
  return logits;
}
