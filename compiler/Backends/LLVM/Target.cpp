//===- Target.cpp - The machine that a module is compiled for -------------===//
//
// LLVM's tables say what a named CPU has. Features that only describe speed are left to LLVM.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/LLVM/Target.h"
#include "compiler/Backends/LLVM/Architecture.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/SubtargetFeature.h"
#include <set>

using namespace llvm;

using rwkvc::Architecture;

static const Architecture *const architectures[] = {&rwkvc::x86Architecture, &rwkvc::aarch64Architecture};

static const Triple &host() {
  static const Triple triple(sys::getDefaultTargetTriple());
  return triple;
}

/// Null where the compiler runs on a machine that it generates no code for.
static const Architecture *hostArchitecture() {
  const auto *found = find_if(architectures, [](const Architecture *known) { return known->type == host().getArch(); });
  return found == std::end(architectures) ? nullptr : *found;
}

static Triple tripleOf(const Architecture &architecture) {
  return architecture.type == host().getArch() ? host() : Triple(architecture.triple);
}

ArrayRef<StringLiteral> rwkvc::checkableFeatures() {
  const Architecture *architecture = hostArchitecture();
  return architecture ? architecture->checkable : ArrayRef<StringLiteral>();
}

static const llvm::Target *lookup(const Triple &triple) {
  static const bool initialised = [] {
    for (const Architecture *architecture : architectures)
      architecture->initialise();
    return true;
  }();
  (void)initialised;
  std::string error;
  return TargetRegistry::lookupTarget(triple, error);
}

static std::unique_ptr<MCSubtargetInfo> subtarget(const Triple &triple, StringRef cpu, StringRef features) {
  return std::unique_ptr<MCSubtargetInfo>(lookup(triple)->createMCSubtargetInfo(triple, cpu, features));
}

/// The three known names that are nearest to `name`, nearest first.
static std::string suggestions(StringRef name) {
  std::set<std::pair<unsigned, StringRef>> known;
  for (const Architecture *architecture : architectures)
    for (const SubtargetSubTypeKV &cpu : subtarget(tripleOf(*architecture), "", "")->getAllProcessorDescriptions())
      known.emplace(name.edit_distance(cpu.Key), cpu.Key);
  auto quoted = [](const auto &near) { return "'" + near.second.str() + "'"; };
  return join(map_range(make_range(known.begin(), std::next(known.begin(), 3)), quoted), ", ");
}

/// The architecture of which `cpu` is a CPU or a level.
static Expected<const Architecture *> findArchitecture(StringRef cpu) {
  SmallVector<const Architecture *> found;
  for (const Architecture *architecture : architectures)
    if (architecture->level(cpu) || subtarget(tripleOf(*architecture), "", "")->isCPUStringValid(cpu))
      found.push_back(architecture);
  if (found.size() == 1)
    return found.front();
  if (found.empty())
    return createStringError("there is no CPU '" + cpu + "'; the nearest names are 'native', " + suggestions(cpu));
  auto named = [](const Architecture *one) { return "'" + one->least.str() + "' for " + one->name.str(); };
  return createStringError("the CPU '" + cpu + "' is one of several architectures; it could be " +
                           join(map_range(found, named), " or "));
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

std::string rwkvc::Target::listedFeatures() const { return join(split(codeFeatures, ','), ";"); }

/// What is told of the CPU alone: this machine, or one that is named.
static Expected<const Architecture *> chooseCpu(StringRef cpu, rwkvc::Target &target) {
  if (cpu == "native") {
    const Architecture *architecture = hostArchitecture();
    if (!architecture)
      return createStringError("code is generated for x86-64 and AArch64, but this compiler runs on " + host().str() +
                               ": the CPU needs a name");
    target.cpu = target.codeCpu = sys::getHostCPUName().str();
    target.features = hostFeatures();
    return architecture;
  }
  Expected<const Architecture *> architecture = findArchitecture(cpu);
  if (!architecture)
    return architecture.takeError();
  target.cpu = target.codeCpu = cpu.str();
  if (std::optional<std::string> level = (*architecture)->level(cpu)) {
    target.codeCpu = (*architecture)->baseline.str();
    target.features = *level;
  }
  return architecture;
}

static StringSet<> enabledFeatures(const Triple &triple, const rwkvc::Target &target) {
  StringSet<> enabled;
  for (const SubtargetFeatureKV &feature :
       subtarget(triple, target.codeCpu, target.features)->getEnabledProcessorFeatures())
    enabled.insert(feature.Key);
  return enabled;
}

Expected<rwkvc::Target> rwkvc::resolveTarget(StringRef cpu) {
  Target target;
  Expected<const Architecture *> chosen = chooseCpu(cpu, target);
  if (!chosen)
    return chosen.takeError();
  const Architecture &architecture = **chosen;
  Triple triple = tripleOf(architecture);
  target.triple = triple.str();
  target.baselineCpu = architecture.baseline.str();
  for (StringRef name : architecture.uncheckable(enabledFeatures(triple, target)))
    target.features += (target.features.empty() ? "-" : ",-") + name.str();

  StringSet<> enabled = enabledFeatures(triple, target);
  for (StringRef name : architecture.required)
    if (!enabled.contains(name))
      return createStringError("the CPU '" + target.cpu + "' has no " + name.upper() + ", which the kernels need: '" +
                               architecture.least.str() + "' is the least that has it");
  target.codeFeatures =
      join(make_filter_range(architecture.checkable, [&](StringRef name) { return enabled.contains(name); }), ",");
  architecture.describe(target, enabled);
  return target;
}

std::unique_ptr<TargetMachine> rwkvc::createTargetMachine(const Target &target) {
  Triple triple(target.triple);
  TargetOptions options;
  // Only the multiply-adds that kernels fuse themselves, so that every target and tile computes the same.
  options.AllowFPOpFusion = FPOpFusion::Strict;
  return std::unique_ptr<TargetMachine>(lookup(triple)->createTargetMachine(
      triple, target.codeCpu, target.features, options, Reloc::PIC_, std::nullopt, CodeGenOptLevel::Aggressive));
}
