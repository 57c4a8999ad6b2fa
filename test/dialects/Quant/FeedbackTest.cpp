// Errors that later inputs make up for: each code is the one after which least can remain, what remains is less than
// without, and bytes are the same from every kind of CPU and from any number of threads.
#include "dialects/Quant/Feedback.h"
#include "dialects/Quant/Q8.h"
#include "test/dialects/Quant/BellShaped.h"
#include <cmath>

using namespace rwkvc;
using namespace rwkvc::weight;

namespace {

// Of inputs that share a few causes, in blocks as `rwkvc compile --calibration` observes them.
InputMoments momentsOf(int64_t inputs) {
  InputMoments moments{momentsBlock(inputs), {}};
  int64_t block = moments.block;
  moments.sums.resize(inputs * block);
  std::vector<float> noise = bellShaped(300, inputs + 4, 1), mix = bellShaped(16, inputs, 1);
  for (int64_t row = 0; row < 300; ++row) {
    std::vector<float> x(noise.begin() + row * (inputs + 4), noise.begin() + row * (inputs + 4) + inputs);
    for (int64_t k = 0; k < inputs; ++k)
      for (int64_t cause = 0; cause < 4; ++cause)
        x[k] += 2 * noise[row * (inputs + 4) + inputs + cause] * mix[cause % 3 * inputs + k];
    for (int64_t i = 0; i < inputs; ++i)
      for (int64_t j = 0; j < block; ++j)
        moments.sums[i * block + j] += x[i] * x[i / block * block + j];
  }
  return moments;
}

// The mean square that errors of one output make, [inputs].
double costOf(const double *error, const InputMoments &moments) {
  int64_t inputs = int64_t(moments.sums.size()) / moments.block;
  double cost = 0;
  for (int64_t i = 0; i < inputs; ++i)
    for (int64_t j = 0; j < moments.block; ++j)
      cost += error[i] * moments.sums[i * moments.block + j] * error[i / moments.block * moments.block + j];
  return cost;
}

// The least of e' H e if the first `known` errors are given and all others may be chosen: elimination, from the last.
double leastCost(std::vector<double> H, const std::vector<double> &errors, int64_t known) {
  int64_t size = int64_t(errors.size());
  for (int64_t k = size - 1; k >= known; --k)
    for (int64_t i = 0; i < k; ++i)
      for (int64_t j = 0; j < k; ++j)
        H[i * size + j] -= H[i * size + k] * H[k * size + j] / H[k * size + k];
  double cost = 0;
  for (int64_t i = 0; i < known; ++i)
    for (int64_t j = 0; j < known; ++j)
      cost += errors[i] * H[i * size + j] * errors[j];
  return cost;
}

// Every code of every input is tried, with all that may follow.
TEST_F(PackTensor, FeedbackTakesTheCodeAfterWhichLeastCanRemain) {
  constexpr int64_t N = 16, K = 16;
  InputMoments moments = momentsOf(K);
  std::vector<double> H(moments.sums.begin(), moments.sums.end());
  double trace = 0;
  for (int64_t i = 0; i < K; ++i)
    trace += H[i * K + i];
  for (int64_t i = 0; i < K; ++i)
    H[i * K + i] += Feedback::kDamping * trace / K;

  std::vector<float> values = bellShaped(N, K);
  std::vector<uint8_t> bytes = pack(values, N, K, "q4", 16, 1, false, &moments);
  std::vector<double> found = unpacked(q4Format, bytes, N, K);
  for (int64_t n = 0; n < N; ++n) {
    float scale;
    std::memcpy(&scale, bytes.data() + 4 * n, 4);
    double unit = double(scale) * int8_t(bytes[64 + n]);
    if (std::fabs(unit) < 1e-20)
      continue;
    std::vector<double> errors(K);
    for (int64_t k = 0; k < K; ++k) {
      auto costWith = [&](double value) {
        errors[k] = value - values[n * K + k];
        return leastCost(H, errors, k + 1);
      };
      double least = INFINITY;
      for (int8_t value : kQ4Values)
        least = std::min(least, costWith(value * unit));
      EXPECT_LE(costWith(found[n * K + k]), least * (1 + 1e-5)) << n << ", " << k;
    }
  }
}

TEST_F(PackTensor, FeedbackLeavesLess) {
  constexpr int64_t N = 32;
  for (int64_t K : {16, 40, 134, 200, 256}) { // in blocks of 16, 40, 67, 100 and 128
    InputMoments moments = momentsOf(K);
    std::vector<float> values = bellShaped(N, K, 1);
    for (const Format *format : {&q8Format, &q4Format}) {
      auto cost = [&](const InputMoments *known) {
        std::vector<double> found = unpacked(*format, pack(values, N, K, format->name, 16, 1, false, known), N, K);
        double sum = 0;
        for (int64_t n = 0; n < N; ++n) {
          for (int64_t k = 0; k < K; ++k)
            found[n * K + k] -= values[n * K + k];
          sum += costOf(found.data() + n * K, moments);
        }
        return sum;
      };
      EXPECT_LT(cost(&moments), cost(nullptr) * 0.8) << format->name.str() << " of " << K;
    }
  }
}

TEST_F(PackTensor, InputsThatAreAlwaysZeroMakeUpForNothing) {
  InputMoments moments{16, std::vector<float>(32 * 16, 0.0f)};
  std::vector<float> values = bellShaped(16, 32);
  for (const Format *format : {&q8Format, &q4Format}) {
    auto error = [&](const InputMoments *known) {
      std::vector<double> found = unpacked(*format, pack(values, 16, 32, format->name, 16, 1, false, known), 16, 32);
      double sum = 0;
      for (size_t i = 0; i < values.size(); ++i)
        sum += (found[i] - values[i]) * (found[i] - values[i]);
      return sum;
    };
    EXPECT_LT(error(&moments), error(nullptr) * 1.3) << format->name.str();
  }
}

template <typename Codec> void expectSameOnEveryCpu(const Format &format) {
  using Packer = GroupPacker<Codec, true>;
  for (int64_t K : {1, 16, 96, 134, 1024}) {
    Feedback feedback(momentsOf(K));
    std::vector<float> values = bellShaped(32, K);
    auto packed = [&](auto function) {
      std::vector<uint8_t> bytes(format.panelBytes(K, 32));
      Packer::packWith(function, values.data(), K, 32, &feedback, bytes.data());
      return bytes;
    };
    auto expected = packed(Packer::baseline);
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
      EXPECT_EQ(packed(Packer::avx2), expected) << K;
    if (__builtin_cpu_supports("avx512f"))
      EXPECT_EQ(packed(Packer::avx512), expected) << K;
  }
}

TEST(Feedback, SameBytesOnEveryCpu) {
  expectSameOnEveryCpu<Q4Codec>(q4Format);
  expectSameOnEveryCpu<Q8Codec>(q8Format);
}

TEST_F(PackTensor, FeedbackGivesTheSameBytesFromAnyNumberOfThreads) {
  std::vector<float> values = bellShaped(300, 2048);
  InputMoments moments = momentsOf(2048);
  for (const Format *format : {&q8Format, &q4Format}) {
    auto expected = pack(values, 300, 2048, format->name, 64, 1, false, &moments);
    EXPECT_NE(expected, pack(values, 300, 2048, format->name, 64, 1));
    for (unsigned threads : {2, 3, 0})
      EXPECT_EQ(pack(values, 300, 2048, format->name, 64, threads, false, &moments), expected) << threads;
  }
}

} // namespace
