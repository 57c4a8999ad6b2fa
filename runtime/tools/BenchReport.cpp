// Numbers carry their spread: a median without one says nothing on a shared machine.
#include "runtime/tools/BenchReport.h"

#include "runtime/tools/JsonWriter.h"

#include <algorithm>
#include <cinttypes>
#include <string>

using namespace rwkvc;

namespace {

double median(Samples samples) {
  std::sort(samples.begin(), samples.end());
  size_t half = samples.size() / 2;
  return samples.size() % 2 ? samples[half] : (samples[half - 1] + samples[half]) / 2;
}

double least(const Samples &samples) { return *std::min_element(samples.begin(), samples.end()); }
double most(const Samples &samples) { return *std::max_element(samples.begin(), samples.end()); }

struct Row {
  const char *key, *label, *unit;
  const Samples &samples;
};

std::vector<Row> rows(const BenchReport &report) {
  return {{"load_s", "load", "s", report.load},
          {"resident_mb", "resident", "MB", report.resident},
          {"huge_page_share", "  in huge pages", "of the weights", report.hugePages},
          {"decode_tokens_per_s", "decode", "tokens/s", report.decode},
          {"read_gb_per_s", report.info->skippable_bytes ? "  read or skipped" : "  weights read", "GB/s", report.read},
          {"probe_gb_per_s", "  memory probe", "GB/s", report.probe},
          {"prefill_tokens_per_s", "prefill", "tokens/s", report.prefill},
          {"prefill_gflops", "  matrix products", "GFLOP/s", report.prefillGflops},
          {"peak_f32_gflops", "  f32 peak", "GFLOP/s", report.peakF32},
          {"peak_bf16_gflops", "  bf16 dot peak", "GFLOP/s", report.peakBF16},
          {"peak_int8_gops", "  int8 dot peak", "GOP/s", report.peakInt8},
          {"sequences_tokens_per_s", "sequences", "tokens/s", report.sequences},
          {"mixed_tokens_per_s", "sequences and prompt", "tokens/s", report.mixed}};
}

void printSpread(JsonWriter &json, const char *key, const Samples &samples) {
  json.key(key);
  if (samples.empty())
    return json.null();
  json.beginObject();
  json.key("median");
  json.number(median(samples));
  json.key("min");
  json.number(least(samples));
  json.key("max");
  json.number(most(samples));
  json.endObject();
}

void printRatio(const char *sentence, const Samples &part, const Samples &whole) {
  if (!part.empty() && !whole.empty())
    printf(sentence, median(part) / median(whole));
}

} // namespace

void rwkvc::printJson(const BenchReport &report) {
  JsonWriter json(stdout);
  json.beginObject();
  json.key("architecture");
  json.string(report.info->architecture);
  json.key("target_cpu");
  json.string(report.info->target_cpu);
  json.key("weight_formats");
  json.string(report.info->weight_formats);
  json.key("threads");
  json.integer(report.threads);
  json.key("decode");
  json.integer(report.decodeSteps);
  json.key("prefill");
  json.integer(report.prefillRows);
  json.key("sequences");
  json.integer(report.sequenceCount);
  json.key("mixed_prompt");
  json.integer(report.mixedRows);
  json.key("weights_bytes");
  json.integer(report.info->weights_bytes);
  json.key("last_level_cache_bytes");
  json.integer(report.cacheBytes);
  // A fact of the module, in the same shape as the measurements.
  json.key("skippable_bytes");
  json.integer(report.info->skippable_bytes);
  printSpread(json, "bytes_per_token", {static_cast<double>(report.info->decode_bytes)});
  for (const Row &row : rows(report))
    printSpread(json, row.key, row.samples);
  json.endObject();
}

void rwkvc::printText(const BenchReport &report) {
  const rwkvc_model_info_t &info = *report.info;
  printf("%s, %s, compiled for %s, %u threads, %.1f MB a token", info.architecture, info.weight_formats,
         info.target_cpu, report.threads, static_cast<double>(info.decode_bytes) / 1e6);
  if (info.skippable_bytes)
    printf(", of which up to %.1f are skipped where activations are zero",
           static_cast<double>(info.skippable_bytes) / 1e6);
  printf("\n");
  printf("%-20s %12s %12s %12s\n", "", "median", "min", "max");
  for (const Row &row : rows(report)) {
    if (row.samples.empty())
      continue;
    printf("%-20s %12.4g %12.4g %12.4g %s\n", row.label, median(row.samples), least(row.samples), most(row.samples),
           row.unit);
  }
  printRatio(info.skippable_bytes ? "decode is as fast as reading all weights at %.2f of the memory probe\n"
                                  : "decode reads at %.2f of the memory probe\n",
             report.read, report.probe);
  printRatio("prefill reaches %.2f of the f32 peak\n", report.prefillGflops, report.peakF32);
  printRatio("prefill reaches %.2f of the bf16 dot peak\n", report.prefillGflops, report.peakBF16);
  printRatio("prefill reaches %.2f of the int8 dot peak\n", report.prefillGflops, report.peakInt8);
  if (report.cacheBytes && info.decode_bytes <= report.cacheBytes)
    printf("the weights of a token fit the last-level cache (%" PRIu64 " MiB): decode is cache-warm and may beat the "
           "probe\n",
           report.cacheBytes >> 20);
}
