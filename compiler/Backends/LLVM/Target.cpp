//===- Target.cpp - The machine that a module is compiled for -------------===//
//
// LLVM's tables say what a named CPU has. Features that only describe speed are left to LLVM.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/LLVM/Target.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/SubtargetFeature.h"

using namespace llvm;

// What ordinary code and vector intrinsics can become. Sets that need intrinsics of their own (AES, SHA, AMX) join this
// list with the kernel that uses them: naming them earlier would only lock machines out.
static constexpr StringLiteral checkable[] = {"sse3",
                                              "ssse3",
                                              "sse4.1",
                                              "sse4.2",
                                              "sse4a",
                                              "popcnt",
                                              "lzcnt",
                                              "bmi",
                                              "bmi2",
                                              "adx",
                                              "movbe",
                                              "prfchw",
                                              "avx",
                                              "avx2",
                                              "fma",
                                              "f16c",
                                              "xop",
                                              "fma4",
                                              "tbm",
                                              "gfni",
                                              "avx512f",
                                              "avx512cd",
                                              "avx512bw",
                                              "avx512dq",
                                              "avx512vl",
                                              "avx512vbmi",
                                              "avx512vbmi2",
                                              "avx512ifma",
                                              "avx512vnni",
                                              "avx512bitalg",
                                              "avx512vpopcntdq",
                                              "avx512bf16",
                                              "avx512fp16",
                                              "avxvnni",
                                              "avxvnniint8",
                                              "avxvnniint16",
                                              "avxifma",
                                              "avxneconvert"};

// The code generator would use these unasked, but no runtime can check them yet.
static constexpr StringLiteral uncheckable[] = {"egpr", "ndd", "ppx", "push2pop2", "ccmp", "cf", "nf", "zu", "avx10.2"};

// Kernels fuse multiply-adds and widen f16: without these instructions they would be calls.
static constexpr StringLiteral required[] = {"avx2", "fma", "f16c"};

ArrayRef<StringLiteral> rwkvc::checkableFeatures() { return checkable; }

static const llvm::Target *lookup(const Triple &triple) {
  static const bool initialised = [] {
    InitializeNativeTarget();
    InitializeNativeTargetAsmPrinter();
    return true;
  }();
  (void)initialised;
  std::string error;
  return TargetRegistry::lookupTarget(triple, error);
}

/// The three known names that are nearest to `name`, nearest first.
static std::string suggestions(const MCSubtargetInfo &info, StringRef name) {
  std::vector<std::pair<unsigned, StringRef>> known;
  for (const SubtargetSubTypeKV &cpu : info.getAllProcessorDescriptions())
    known.emplace_back(name.edit_distance(cpu.Key), cpu.Key);
  llvm::sort(known);
  known.resize(std::min<size_t>(known.size(), 3));
  return join(map_range(known, [](auto &near) { return "'" + near.second.str() + "'"; }), ", ");
}

static std::string hostFeatures() {
  SubtargetFeatures features;
  for (const auto &feature : sys::getHostCPUFeatures())
    features.AddFeature(feature.first(), feature.second);
  std::vector<std::string> sorted = features.getFeatures();
  llvm::sort(sorted); // the map's order is not the same in every run
  return join(sorted, ",");
}

bool rwkvc::Target::mayUse(StringRef feature) const {
  SmallVector<StringRef> names;
  StringRef(codeFeatures).split(names, ',');
  return is_contained(names, feature);
}

Expected<rwkvc::Target> rwkvc::resolveTarget(StringRef cpu) {
  Target target;
  Triple triple(sys::getDefaultTargetTriple());
  const llvm::Target *description = lookup(triple);
  if (!description || triple.getArch() != Triple::x86_64)
    return createStringError("code is generated for x86-64 only, but this compiler runs on " + triple.str());
  target.triple = triple.str();
  target.cpu = cpu.str();
  if (cpu == "native") {
    target.cpu = sys::getHostCPUName().str();
    target.features = hostFeatures();
  }

  std::unique_ptr<MCSubtargetInfo> info(description->createMCSubtargetInfo(triple, "", ""));
  if (!info->isCPUStringValid(target.cpu))
    return createStringError("there is no CPU '" + target.cpu + "'; the nearest names are 'native', " +
                             suggestions(*info, target.cpu));
  for (StringRef name : uncheckable)
    target.features += (target.features.empty() ? "-" : ",-") + name.str();

  info.reset(description->createMCSubtargetInfo(triple, target.cpu, target.features));
  StringSet<> enabled;
  for (const SubtargetFeatureKV &feature : info->getEnabledProcessorFeatures())
    enabled.insert(feature.Key);
  for (StringRef name : required)
    if (!enabled.contains(name))
      return createStringError("the CPU '" + target.cpu + "' has no " + name.upper() +
                               ", which the kernels need: 'x86-64-v3' is the least that has it");
  target.codeFeatures = join(make_filter_range(checkable, [&](StringRef name) { return enabled.contains(name); }), ",");

  target.avx512 = all_of(ArrayRef<StringRef>{"avx512f", "avx512bw", "avx512dq", "avx512vl"},
                         [&](StringRef name) { return enabled.contains(name); });
  target.bf16Dot = target.avx512 && enabled.contains("avx512bf16");
  target.int8Dot = target.avx512 && enabled.contains("avx512vnni");
  if (target.avx512) {
    target.vectorBits = 512;
    target.vectorRegisters = 32;
  }
  return target;
}

std::unique_ptr<TargetMachine> rwkvc::createTargetMachine(const Target &target) {
  Triple triple(target.triple);
  TargetOptions options;
  // Only the multiply-adds that kernels fuse themselves, so that every target and tile computes the same.
  options.AllowFPOpFusion = FPOpFusion::Strict;
  return std::unique_ptr<TargetMachine>(lookup(triple)->createTargetMachine(
      triple, target.cpu, target.features, options, Reloc::PIC_, std::nullopt, CodeGenOptLevel::Aggressive));
}
