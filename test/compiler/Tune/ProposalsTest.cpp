#include "compiler/Tune/Proposals.h"
#include <gtest/gtest.h>
#include <set>

using namespace rwkvc::tune;

static std::vector<Point> grid() {
  std::vector<Point> points;
  for (int64_t panel : {16, 32, 64})
    for (int64_t rows = 1; rows <= 8; ++rows)
      points.push_back({panel, rows, 16, 0, 0});
  return points;
}

static std::vector<Point> proposedBy(uint64_t seed) {
  return Proposals(grid(), {{{32, 2, 16, 64, 0}, 0.8}}, seed).children(6, [](const Point &) { return 0; });
}

TEST(Proposals, DependOnTheSeedAlone) {
  EXPECT_EQ(proposedBy(mix(1, "gemm", 8)), proposedBy(mix(1, "gemm", 8)));
  EXPECT_NE(proposedBy(mix(1, "gemm", 8)), proposedBy(mix(2, "gemm", 8)));
  EXPECT_NE(mix(1, "gemm", 8), mix(1, "gemm", 9));
}

TEST(Proposals, SeedsSpreadOverPanels) {
  auto seeds = Proposals(grid(), {}, 1).seeds(6, [](const Point &point) { return -double(point.tileRows); });
  ASSERT_EQ(seeds.size(), 6u);
  for (const Point &point : seeds)
    EXPECT_GE(point.tileRows, 7); // the two best of each
  EXPECT_EQ((std::set<Point>(seeds.begin(), seeds.end()).size()), 6u);
}

TEST(Proposals, ChildrenAreWhatTheModelLikes) {
  auto children = Proposals(grid(), {{{64, 4, 16, 0, 0}, 0.5}}, 3).children(4, [](const Point &point) {
    return double(point.tileRows);
  });
  ASSERT_EQ(children.size(), 4u);
  EXPECT_EQ(children.front().tileRows, 1);
}

TEST(Proposals, EndWithTheSpace) {
  Proposals proposals(grid(), {}, 1);
  std::set<Point> all;
  for (int i = 0; i < 10; ++i)
    for (const Point &point : proposals.random(5))
      EXPECT_TRUE(all.insert(point).second);
  EXPECT_EQ(all.size(), 24u);
}
