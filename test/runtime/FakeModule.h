// Module files for unit tests, made of the fake images, and the same maths in C++ to compare with.
#ifndef TEST_RUNTIME_FAKEMODULE_H
#define TEST_RUNTIME_FAKEMODULE_H

#include "runtime/abi/trailer.h"
#include "runtime/include/rwkvc/rwkvc.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace fake {

constexpr uint64_t channels = 4, vocabulary = 16, maxRows = 5;

std::string readFile(const std::string &path);
void writeFile(const std::string &path, const std::string &bytes);
// A path in a folder of this process's own, removed at its end.
std::string temporary(const std::string &name);

struct Parts {
  std::string image, weights, modelId = "fake model id 16";
};
Parts partsOf(const std::string &image);                                 // "fake"
std::string seal(const Parts &parts);                                    // the bytes of the module file
std::string sealedFile(const std::string &image);                        // its path; written once
void resealTrailer(std::string &module, const rwkvc_trailer_t &trailer); // as given, with a right hash
rwkvc_trailer_t trailerOf(const std::string &module);

template <auto release> struct Release {
  template <typename Handle> void operator()(Handle *handle) const { release(handle); }
};
using Model = std::unique_ptr<rwkvc_model_t, Release<rwkvc_model_release>>;
using State = std::unique_ptr<rwkvc_state_t, Release<rwkvc_state_release>>;
using Session = std::unique_ptr<rwkvc_session_t, Release<rwkvc_session_release>>;

Model load(const std::string &path);
State newState(const Model &model);
Session newSession(const Model &model, uint32_t threads);
std::vector<float> floatsOf(const State &state);

// Fails the test unless the status is the expected one and its sentence contains `words`.
void expectRefusal(rwkvc_status_t status, rwkvc_status_t expected, const std::string &words);

// What the fake module computes, for one sequence.
struct Reference {
  std::vector<float> sum = std::vector<float>(channels, 0.25f);
  float count = -1.0f;
  std::vector<float> feed(int32_t token); // logits
};

} // namespace fake

#endif // TEST_RUNTIME_FAKEMODULE_H
