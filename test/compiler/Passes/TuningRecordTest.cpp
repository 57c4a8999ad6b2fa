#include "compiler/Passes/TuningRecord.h"
#include <gtest/gtest.h>

using namespace rwkvc;

static TuningRecord sample() {
  TuningRecord record;
  record.record = "best";
  record.kernel = "gemm rows=1 x=f32 weight=bf16 64x32 body=none #01234567";
  record.cpu = "znver5";
  record.features = "avx2,fma";
  record.compiler = "0.1.0";
  record.schedule = "#kernel.schedule<backend = \"llvm\", panel = 64>";
  record.verdict = "ok";
  record.threads = 2;
  record.rows = 1;
  record.ns = 1234.5;
  record.ratio = 0.875;
  return record;
}

static std::string refusal(const std::string &text) {
  llvm::Expected<TuningRecords> read = parseRecords("file", text);
  return read ? "" : llvm::toString(read.takeError());
}

/// The sample's line with `old` replaced.
static std::string with(const std::string &old, const std::string &text) {
  std::string line = printRecord(sample());
  return line.replace(line.find(old), old.size(), text);
}

TEST(Record, ComesBackAsItWas) {
  std::string line = printRecord(sample());
  llvm::Expected<TuningRecord> read = parseRecord(line);
  ASSERT_TRUE(bool(read));
  EXPECT_EQ(printRecord(*read), line);
  EXPECT_EQ(read->schedule, sample().schedule);
  EXPECT_EQ(read->ns, 1234.5);
  EXPECT_EQ(read->threads, 2);
}

TEST(Record, IsOneLine) {
  EXPECT_EQ(printRecord(sample()),
            "{\"record\":\"best\",\"kernel\":\"gemm rows=1 x=f32 weight=bf16 64x32 body=none #01234567\",\"cpu\":\"znver5\","
            "\"features\":\"avx2,fma\",\"compiler\":\"0.1.0\",\"schedule\":\"#kernel.schedule<backend = \\\"llvm\\\", panel "
            "= 64>\",\"verdict\":\"ok\",\"threads\":2,\"rows\":1,\"ns\":1234.5,\"ratio\":0.875,\"spread\":0,\"bytes\":0,"
            "\"operations\":0}\n");
}

TEST(Record, ATornLastLineIsDropped) {
  std::string line = printRecord(sample());
  for (size_t cut = 1; cut + 1 < line.size(); ++cut) {
    llvm::Expected<TuningRecords> read = parseRecords("file", line + line.substr(0, cut));
    ASSERT_TRUE(bool(read));
    EXPECT_EQ(read->records.size(), 1u);
    EXPECT_EQ(read->wholeBytes, line.size());
  }
  llvm::Expected<TuningRecords> noEnd = parseRecords("file", line + line.substr(0, line.size() - 1));
  ASSERT_TRUE(bool(noEnd));
  EXPECT_EQ(noEnd->records.size(), 2u);
}

TEST(Record, ATornLineInTheMiddleIsNot) {
  std::string line = printRecord(sample());
  EXPECT_EQ(refusal(line + line.substr(0, 50) + "\n" + line), "file:2: it is not JSON");
}

TEST(Record, RefusalsSayWhy) {
  EXPECT_EQ(refusal("hello\n"), "file:1: a record is one flat JSON object");
  EXPECT_EQ(refusal("{]\n"), "file:1: it is not JSON");
  EXPECT_EQ(refusal("{\"a\":{}}\n"), "file:1: a record is one flat JSON object");
  EXPECT_EQ(refusal(std::string(5000, ' ') + "\n"), "file:1: a record has at most 4096 bytes");
  EXPECT_EQ(refusal(with("\"cpu\"", "\"gpu\"")), "file:1: it has no text 'cpu'");
  EXPECT_EQ(refusal(with("\"ns\":1234.5", "\"ns\":-1")), "file:1: it has no number 'ns'");
  EXPECT_EQ(refusal(with("\"threads\":2", "\"threads\":\"2\"")), "file:1: it has no number 'threads'");
  EXPECT_EQ(refusal(with("best", "worst")), "file:1: 'record' is neither trial nor best");
  EXPECT_EQ(refusal(with("#kernel", "#weight")), "file:1: 'schedule' is not a #kernel.schedule");
  EXPECT_EQ(refusal(with("panel", "panel<")), "file:1: 'schedule' is not a #kernel.schedule");
}

TEST(Record, ShippedOnesAreRecords) {
  llvm::Expected<TuningRecords> read = parseRecords("shipped", shippedRecords());
  ASSERT_TRUE(bool(read)) << llvm::toString(read.takeError());
  EXPECT_EQ(read->wholeBytes, shippedRecords().size());
  for (const TuningRecord &record : read->records)
    EXPECT_EQ(record.record, "best");
}
