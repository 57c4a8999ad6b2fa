// The table of LLVM's feature names for AArch64 and the bits by which Linux tells that the CPU has them and that their
// registers are saved. As for x86, a name that is not here is unknown.
#include "runtime/src/CpuFeatures.h"

#if defined(__aarch64__)
#include <sys/auxv.h>

namespace {

struct Feature {
  std::string_view name;
  unsigned long where, bits; // AT_HWCAP or AT_HWCAP2
};

constexpr Feature features[] = {
    {"fp-armv8", AT_HWCAP, HWCAP_FP},
    {"neon", AT_HWCAP, HWCAP_ASIMD},
    {"aes", AT_HWCAP, HWCAP_AES | HWCAP_PMULL},
    {"sha2", AT_HWCAP, HWCAP_SHA1 | HWCAP_SHA2},
    {"sha3", AT_HWCAP, HWCAP_SHA3 | HWCAP_SHA512},
    {"sm4", AT_HWCAP, HWCAP_SM3 | HWCAP_SM4},
    {"crc", AT_HWCAP, HWCAP_CRC32},
    {"lse", AT_HWCAP, HWCAP_ATOMICS},
    {"rdm", AT_HWCAP, HWCAP_ASIMDRDM},
    {"fullfp16", AT_HWCAP, HWCAP_FPHP | HWCAP_ASIMDHP},
    {"fp16fml", AT_HWCAP, HWCAP_ASIMDFHM},
    {"dotprod", AT_HWCAP, HWCAP_ASIMDDP},
    {"jsconv", AT_HWCAP, HWCAP_JSCVT},
    {"complxnum", AT_HWCAP, HWCAP_FCMA},
    {"rcpc", AT_HWCAP, HWCAP_LRCPC},
    {"sve", AT_HWCAP, HWCAP_SVE},
    {"sve2", AT_HWCAP2, HWCAP2_SVE2},
    {"i8mm", AT_HWCAP2, HWCAP2_I8MM},
    {"bf16", AT_HWCAP2, HWCAP2_BF16},
};

} // namespace

rwkvc::CpuFeature rwkvc::findCpuFeature(std::string_view name) {
  for (const Feature &feature : features)
    if (feature.name == name)
      return (getauxval(feature.where) & feature.bits) == feature.bits ? CpuFeature::Present : CpuFeature::Absent;
  return CpuFeature::Unknown;
}

#endif
