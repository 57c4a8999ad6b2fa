// From the name of a CPU to a linked image, with hand-written LLVM IR in place of kernels.
#include "compiler/Backends/LLVM/Target.h"
#include "compiler/Backends/LLVM/Codegen.h"
#include "compiler/Pipeline/Link.h"
#include "runtime/src/CpuFeatures.h"
#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/SourceMgr.h"
#include <cstdlib>
#include <dlfcn.h>
#include <elf.h>
#include <fstream>
#include <gtest/gtest.h>

using namespace rwkvc;

namespace {

Target target(llvm::StringRef cpu) { return llvm::cantFail(resolveTarget(cpu)); }

std::string refusal(llvm::StringRef cpu) {
  llvm::Expected<Target> target = resolveTarget(cpu);
  return target ? "" : llvm::toString(target.takeError());
}

class Code : public testing::Test {
protected:
  std::unique_ptr<llvm::Module> module(llvm::StringRef text) {
    llvm::SMDiagnostic error;
    auto module = llvm::parseAssemblyString(text, error, context);
    EXPECT_TRUE(module) << error.getMessage().str();
    return module;
  }

  std::string assembly(llvm::StringRef text, llvm::StringRef cpu) {
    auto parsed = module(text);
    llvm::cantFail(optimise(*parsed, target(cpu)));
    auto bytes = llvm::cantFail(emitAssembly(*parsed, target(cpu)));
    return std::string(bytes.begin(), bytes.end());
  }

  llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> image(llvm::StringRef text, llvm::StringRef cpu = "native") {
    auto parsed = module(text);
    llvm::cantFail(optimise(*parsed, target(cpu)));
    return linkImage(llvm::cantFail(emitObject(*parsed, target(cpu))));
  }

  llvm::LLVMContext context;
};

bool contains(llvm::StringRef text, llvm::StringRef part) { return text.contains(part); }

TEST(Target, NativeIsThisMachine) {
  Target native = target("native");
  EXPECT_NE(native.cpu, "native");
  llvm::SmallVector<llvm::StringRef> names;
  llvm::StringRef(native.codeFeatures).split(names, ',');
  for (llvm::StringRef name : names)
    EXPECT_EQ(findCpuFeature(std::string_view(name)), CpuFeature::Present) << name.str();
}

TEST(Target, TheRuntimeKnowsEveryFeature) {
  for (llvm::StringRef name : checkableFeatures())
    EXPECT_NE(findCpuFeature(std::string_view(name)), CpuFeature::Unknown) << name.str();
}

TEST(Target, NamedCpus) {
  Target zen4 = target("znver4");
  EXPECT_TRUE(zen4.avx512 && zen4.bf16Dot && zen4.int8Dot);
  EXPECT_EQ(zen4.vectorRegisters, 32);
  EXPECT_TRUE(zen4.mayUse("avx512bf16"));
  Target haswell = target("haswell");
  EXPECT_FALSE(haswell.avx512 || haswell.bf16Dot || haswell.int8Dot);
  EXPECT_EQ(haswell.vectorRegisters, 16);
  EXPECT_EQ(haswell.vectorBits, 256);
  EXPECT_FALSE(haswell.mayUse("avx512f"));
  EXPECT_EQ(target("x86-64-v3").codeFeatures, "sse3,ssse3,sse4.1,sse4.2,popcnt,lzcnt,bmi,bmi2,movbe,avx,avx2,fma,f16c");
}

// The name of a CPU chooses its architecture.
TEST(Target, ASingleRowAsksForMemoryAheadByCpu) {
  EXPECT_EQ(target("znver3").prefetch, 2048);
  EXPECT_EQ(target("znver4").prefetch, 1024);
  EXPECT_EQ(target("sapphirerapids").prefetch, 4096);
  EXPECT_EQ(target("neoverse-n1").prefetch, 0);
}

TEST(Target, NamedArmCpus) {
  Target n1 = target("neoverse-n1");
  EXPECT_EQ(n1.triple, "aarch64-unknown-linux-gnu");
  EXPECT_EQ(n1.codeFeatures, "fp-armv8,neon,dotprod");
  EXPECT_TRUE(n1.int8Dot);
  EXPECT_EQ(n1.vectorBits, 128);
  EXPECT_EQ(n1.vectorRegisters, 32);
  for (const char *cpu : {"cortex-a76", "cortex-a55", "apple-m1"})
    EXPECT_EQ(target(cpu).codeFeatures, "fp-armv8,neon,dotprod") << cpu;
  for (const char *cpu : {"neoverse-v2", "apple-m4", "armv8.6-a"})
    EXPECT_EQ(target(cpu).codeFeatures, "fp-armv8,neon,dotprod,i8mm") << cpu;
  for (const char *cpu : {"cortex-a72", "armv8-a", "armv8.2-a"})
    EXPECT_EQ(target(cpu).codeFeatures, "fp-armv8,neon") << cpu;
  EXPECT_EQ(target("armv8.4-a").cpu, "armv8.4-a");
  EXPECT_EQ(target("armv8.4-a").codeCpu, "generic");
}

TEST(Target, Refusals) {
  EXPECT_EQ(refusal("znver44"),
            "there is no CPU 'znver44'; the nearest names are 'native', 'znver4', 'znver1', 'znver2'");
  EXPECT_EQ(refusal("x86-64"),
            "the CPU 'x86-64' has no AVX2, which the kernels need: 'x86-64-v3' is the least that has it");
  EXPECT_EQ(refusal("generic"), "the CPU 'generic' is one of several architectures; it could be 'x86-64-v3' for x86-64 "
                                "or 'armv8-a' for AArch64");
  EXPECT_EQ(
      refusal("neoverse-n4"),
      "there is no CPU 'neoverse-n4'; the nearest names are 'native', 'neoverse-n1', 'neoverse-n2', 'neoverse-n3'");
  EXPECT_NE(refusal(""), "");
}

// Whatever a future CPU has, its code may only use what its header can say.
TEST(Target, NothingThatNobodyChecks) {
  for (const char *cpu : {"diamondrapids", "graniterapids", "znver5"}) {
    Target t = target(cpu);
    for (const char *feature : {"egpr", "ndd", "avx10.2"})
      EXPECT_TRUE(contains(t.features, std::string("-") + feature)) << cpu;
  }
  for (const char *cpu : {"neoverse-v2", "a64fx", "c1-ultra"})
    EXPECT_TRUE(contains(target(cpu).features, "-sve")) << cpu;
}

constexpr const char *multiplyAdd = R"(
define void @f(ptr %p, ptr %q) {
  %x = load <16 x float>, ptr %p, align 4
  %y = load <16 x float>, ptr %q, align 4
  %product = fmul <16 x float> %x, %y
  %sum = fadd <16 x float> %product, %x
  %fused = call <16 x float> @llvm.fma(<16 x float> %x, <16 x float> %y, <16 x float> %sum)
  store <16 x float> %fused, ptr %p, align 4
  ret void
}
declare <16 x float> @llvm.fma(<16 x float>, <16 x float>, <16 x float>)
)";

TEST_F(Code, FusesOnlyWhatIsFused) {
  std::string wide = assembly(multiplyAdd, "znver4");
  EXPECT_EQ(llvm::StringRef(wide).count("vfmadd"), 1u) << wide;
  EXPECT_TRUE(contains(wide, "vmulps") && contains(wide, "vaddps") && contains(wide, "%zmm")) << wide;
  std::string narrow = assembly(multiplyAdd, "haswell");
  EXPECT_EQ(llvm::StringRef(narrow).count("vfmadd"), 2u) << narrow;
  EXPECT_FALSE(contains(narrow, "%zmm")) << narrow;
  EXPECT_TRUE(contains(assembly(multiplyAdd, "skylake-avx512"), "%zmm"));
}

TEST_F(Code, TheQueryRunsAnywhere) {
  std::string text = multiplyAdd;
  text.replace(text.find("@f("), 3, "@rwkvc_module_query(");
  std::string old = assembly(text, "znver4");
  EXPECT_FALSE(contains(old, "ymm") || contains(old, "zmm") || contains(old, "vmulps")) << old;
}

constexpr const char *copyLoop = R"(
define void @f(ptr noalias %p, ptr noalias %q, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %from = getelementptr i8, ptr %q, i64 %i
  %to = getelementptr i8, ptr %p, i64 %i
  %x = load i8, ptr %from
  store i8 %x, ptr %to
  %next = add i64 %i, 1
  %done = icmp eq i64 %next, %n
  br i1 %done, label %exit, label %loop
exit:
  ret void
}
)";

TEST_F(Code, CallsNothing) {
  std::string text = assembly(copyLoop, "native");
  EXPECT_FALSE(contains(text, "memcpy") || contains(text, "call")) << text;
}

TEST_F(Code, LinksAgainAndAgain) {
  for (int i = 0; i < 2; ++i) {
    auto linked = image("define i32 @rwkvc_answer() { ret i32 42 }");
    ASSERT_TRUE(bool(linked)) << llvm::toString(linked.takeError());
    llvm::SmallString<64> path;
    ASSERT_FALSE(llvm::sys::fs::createTemporaryFile("linked", "so", path));
    std::ofstream(path.c_str(), std::ios::binary).write((*linked)->getBufferStart(), (*linked)->getBufferSize());
    void *library = dlopen(path.c_str(), RTLD_NOW);
    ASSERT_TRUE(library) << dlerror();
    auto answer = reinterpret_cast<int (*)()>(dlsym(library, "rwkvc_answer"));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer(), 42);
    dlclose(library);
    llvm::sys::fs::remove(path);
  }
}

TEST_F(Code, LinksForOtherArchitectures) {
  auto linked = image("define i32 @rwkvc_answer() { ret i32 42 }", "neoverse-n1");
  ASSERT_TRUE(bool(linked)) << llvm::toString(linked.takeError());
  const auto *header = reinterpret_cast<const Elf64_Ehdr *>((*linked)->getBufferStart());
  EXPECT_EQ(header->e_machine, EM_AARCH64);
  const auto *program = reinterpret_cast<const Elf64_Phdr *>((*linked)->getBufferStart() + header->e_phoff);
  for (unsigned i = 0; i < header->e_phnum; ++i) // a Raspberry Pi 5 has pages of 16 KiB, some servers of 64
    if (program[i].p_type == PT_LOAD)
      EXPECT_EQ(program[i].p_align, 65536u);
}

TEST_F(Code, RefusesUndefinedSymbols) {
  auto linked = image(
      "declare float @expf(float)\ndeclare float @sinf(float)\n"
      "define float @f(float %x) { %y = call float @expf(float %x) %z = call float @sinf(float %y) ret float %z }");
  ASSERT_FALSE(bool(linked));
  EXPECT_EQ(llvm::toString(linked.takeError()),
            "the linker refused the generated code: undefined symbol: expf (and 1 more)");
}

// Killed at any time it can leave none behind.
TEST_F(Code, LinksWithoutTemporaryFiles) {
  setenv("TMPDIR", "/absent", 1);
  EXPECT_TRUE(bool(image("define void @f() { ret void }")));
  unsetenv("TMPDIR");
}

} // namespace
