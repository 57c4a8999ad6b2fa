//===- Report.cpp - Records as a page -------------------------------------===//
//
// Plain SVG, no script: a page that can be mailed. Texts come from files and are escaped.
//
//===----------------------------------------------------------------------===//
#include "compiler/Tune/Table.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include <algorithm>
#include <cmath>

using namespace rwkvc;
using namespace rwkvc::tune;

static constexpr double kWidth = 560, kHeight = 180, kMargin = 36;

static std::string escaped(llvm::StringRef text) {
  std::string safe;
  llvm::raw_string_ostream out(safe);
  llvm::printHTMLEscaped(text, out);
  return safe;
}

namespace {

/// Maps numbers to a picture, by their logarithms or as they are.
struct Axis {
  double least, most, from, to;
  bool isLogarithmic = false;

  double at(double value) const {
    auto scaled = [&](double x) { return isLogarithmic ? std::log(std::max(x, 1e-12)) : x; };
    double width = scaled(most) - scaled(least);
    return from + (width > 0 ? (scaled(value) - scaled(least)) / width : 0.5) * (to - from);
  }
};

} // namespace

static void beginPicture(llvm::raw_ostream &out) {
  out << llvm::format("<svg viewBox='0 0 %.0f %.0f' width='%.0f'>", kWidth, kHeight, kWidth);
  out << llvm::format("<path class='axis' d='M%.0f,8 V%.0f H%.0f'/>", kMargin, kHeight - 20, kWidth - 8);
}

static void label(llvm::raw_ostream &out, double x, double y, const llvm::Twine &text) {
  out << llvm::format("<text x='%.1f' y='%.1f'>", x, y) << text << "</text>";
}

/// Every trial by its time, and the best so far.
static void printSearch(const KernelRecords &kernel, llvm::raw_ostream &out) {
  double most = 1, least = 1;
  for (const TuningRecord *trial : kernel.trials)
    if (trial->verdict == "ok") {
      most = std::max(most, std::min(trial->ratio, 2.0));
      least = std::min(least, trial->ratio);
    }
  Axis across{0, double(kernel.trials.size()), kMargin, kWidth - 12};
  Axis up{least, most, kHeight - 24, 12};
  beginPicture(out);
  std::string line;
  double best = 1;
  for (auto [i, trial] : llvm::enumerate(kernel.trials)) {
    bool isMeasured = trial->verdict == "ok";
    double ratio = isMeasured ? std::min(trial->ratio, 2.0) : most;
    best = std::min(best, ratio);
    llvm::raw_string_ostream(line) << (line.empty() ? "M" : " L")
                                   << llvm::format("%.1f,%.1f", across.at(i), up.at(best));
    out << "<circle class='" << (isMeasured ? "trial" : "failed") << "' r='2.5'"
        << llvm::format(" cx='%.1f' cy='%.1f'>", across.at(i), up.at(ratio)) << "<title>"
        << escaped(trial->verdict + ", " + shortSchedule(trial->schedule))
        << llvm::format(": %.3f of the default's time", trial->ratio) << "</title></circle>";
  }
  out << "<path class='best' d='" << line << "'/>";
  for (double tick : {least, 1.0, most})
    label(out, 2, up.at(tick) + 3, llvm::formatv("{0:F2}", tick).str());
  label(out, kWidth - 90, kHeight - 6, llvm::Twine(kernel.trials.size()) + " trials");
  out << "</svg>\n";
}

/// Kernels by operations a byte of weights. The roof is the most that any of them reached: of bytes, and of operations.
static void printRoofline(llvm::ArrayRef<KernelRecords> kernels, llvm::raw_ostream &out) {
  double bandwidth = 0, peak = 0, least = 1e30, most = 0;
  std::vector<const TuningRecord *> shown;
  for (const KernelRecords &kernel : kernels)
    if (kernel.best && kernel.best->ns > 0 && kernel.best->bytes > 0 && kernel.best->operations > 0)
      shown.push_back(kernel.best);
  for (const TuningRecord *best : shown) {
    bandwidth = std::max(bandwidth, best->bytes / best->ns);
    peak = std::max(peak, best->operations / best->ns);
    least = std::min(least, best->operations / best->bytes);
    most = std::max(most, best->operations / best->bytes);
  }
  if (shown.empty())
    return;
  Axis across{least / 2, most * 2, kMargin, kWidth - 12, true};
  Axis up{bandwidth * least / 4, peak * 1.5, kHeight - 24, 12, true};
  beginPicture(out);
  double edge = peak / bandwidth;
  out << llvm::format("<path class='best' d='M%.1f,%.1f L%.1f,%.1f L%.1f,%.1f'/>", across.at(least / 2),
                      up.at(bandwidth * least / 2), across.at(edge), up.at(peak), across.at(most * 2), up.at(peak));
  for (const TuningRecord *best : shown)
    out << llvm::format("<circle class='trial' r='3.5' cx='%.1f' cy='%.1f'><title>",
                        across.at(best->operations / best->bytes), up.at(best->operations / best->ns))
        << escaped(best->kernel)
        << llvm::format(": %.1f GB/s, %.0f GOP/s</title></circle>", best->bytes / best->ns,
                        best->operations / best->ns);
  label(out, kMargin + 6, 20,
        llvm::formatv("{0:F1} GB/s of weights, {1:F0} GOP/s: the most that a kernel reached", bandwidth, peak).str());
  label(out, kWidth - 200, kHeight - 6, "operations a byte of weights");
  out << "</svg>\n";
}

void tune::printReport(llvm::ArrayRef<TuningRecord> records, llvm::raw_ostream &out) {
  std::vector<KernelRecords> kernels = byKernel(records);
  out << "<!DOCTYPE html>\n<html lang='en'><head><meta charset='utf-8'><title>rwkvc tune</title><style>\n"
         "body{font:15px/1.5 sans-serif;max-width:46em;margin:2em auto;padding:0 1em}code{font-size:.9em}\n"
         "svg{max-width:100%;height:auto}svg text{font-size:11px;fill:#555}.axis{stroke:#999;fill:none}\n"
         ".best{stroke:#06c;fill:none;stroke-width:1.5}.trial{fill:#06c;fill-opacity:.45}.failed{fill:#c00}\n"
         "</style></head><body>\n<h1>Schedules</h1>\n"
         "<p>Times are by that of the default schedule, which ran in turn with every candidate; below 1 is faster. Red: "
         "crashed, hung, or computed something else. A kernel's best was measured once more.</p>\n"
         "<h2>Roofline</h2>\n";
  printRoofline(kernels, out);
  for (const KernelRecords &kernel : kernels) {
    const TuningRecord &any = kernel.best ? *kernel.best : *kernel.trials.front();
    out << "<h2><code>" << escaped(any.kernel) << "</code></h2>\n<p>" << escaped(any.cpu) << ", " << any.threads
        << " threads, " << any.rows << " rows. ";
    if (kernel.best && any.ratio > 0)
      out << llvm::format("%.3f times as fast as the default (&plusmn; %.3f), %.1f &micro;s, with ", 1 / any.ratio,
                          any.spread, any.ns / 1e3)
          << escaped(shortSchedule(any.schedule)) << ".</p>\n";
    else
      out << "Not confirmed yet.</p>\n";
    if (!kernel.trials.empty())
      printSearch(kernel, out);
  }
  out << "</body></html>\n";
}
