#include "compiler/Tune/Space.h"
#include <algorithm>
#include <gtest/gtest.h>

using namespace rwkvc::tune;

static const Machine machine{32, 48 << 10, 1 << 20, 32 << 20};

TEST(Space, OneRowHasOneRow) {
  auto space = searchSpace({1, 2048, 2048, 8e6, false, false, false}, machine);
  EXPECT_FALSE(space.empty());
  for (const Point &point : space) {
    EXPECT_EQ(point.tileRows, 1);
    EXPECT_EQ(point.tileInputs, 0);
  }
}

TEST(Space, TilesFitTheRegisters) {
  for (bool isInteger : {false, true})
    for (const Point &point : searchSpace({0, 2048, 2048, 4e6, isInteger, false, false}, machine))
      EXPECT_LE(point.tileRows == 1 ? 0 : point.tileRows * (point.tileColumns / 16) * (isInteger ? 2 : 1), 34);
}

TEST(Space, ZerosMayBeSkipped) {
  auto skipping = [](int64_t mostRows, bool hasZeros) {
    auto space = searchSpace({mostRows, 2048, 8192, 3e7, true, false, false, hasZeros}, machine);
    return std::count_if(space.begin(), space.end(), [](const Point &point) { return point.skipZeros; });
  };
  EXPECT_EQ(skipping(1, true), 1); // one row has no tiles
  auto space = searchSpace({0, 2048, 8192, 3e7, true, false, false, true}, machine); // the default's, of f32
  EXPECT_TRUE(std::count(space.begin(), space.end(),
                         Point{.panel = 128, .tileRows = 6, .tileColumns = 64, .skipZeros = true}));
  EXPECT_GT(skipping(16, true), 4);
  EXPECT_GT(skipping(0, true), 4);
  EXPECT_EQ(skipping(1, false) + skipping(16, false) + skipping(0, false), 0);
}

TEST(Space, ScansHaveRowsOrBlocks) {
  Point standard{.panel = 16, .tileRows = 4, .tileColumns = 16};
  auto space = scanSpace(standard, 60, false); // which 8 does not divide
  ASSERT_EQ(space.size(), 3u);
  EXPECT_EQ(space[0], standard);
  for (const Point &point : space)
    EXPECT_EQ(60 % point.tileRows + point.block, 64);
  EXPECT_EQ(scanSpace(standard, 0, true).size(), 3u);
  EXPECT_EQ(scanSpace(standard, 0, false), std::vector<Point>{standard});
}

TEST(Space, PanelsDoNotPad) {
  for (const Point &point : searchSpace({1, 96, 768, 1e5, false, false, false}, machine))
    EXPECT_EQ(96 % point.panel, 0);
}

TEST(Space, FeaturesHaveOneLength) {
  KernelShape shape{0, 2048, 8192, 3e7, true, false, false};
  std::vector<Point> space = searchSpace(shape, machine);
  for (const Point &point : space)
    EXPECT_EQ(features(point, shape, machine).size(), features(space.front(), shape, machine).size());
}

TEST(Space, TheEstimateLikesReuse) {
  KernelShape shape{0, 2048, 2048, 8e6, false, false, false};
  EXPECT_LT(analyticCost({64, 6, 64, 0, 0}, shape, machine), analyticCost({16, 1, 16, 0, 0}, shape, machine));
}
