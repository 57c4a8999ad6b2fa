#include "compiler/Tune/CostModel.h"
#include <gtest/gtest.h>

using rwkvc::tune::CostModel;

TEST(CostModel, KnowsNothingAtFirst) { EXPECT_EQ(CostModel().predict({1, 2, 3}), 0); }

TEST(CostModel, LearnsALine) {
  CostModel model;
  for (int i = 0; i < 40; ++i)
    model.add({1, double(i % 7), double(i % 5)}, 0.5 + 2 * (i % 7) - 3 * (i % 5));
  EXPECT_NEAR(model.predict({1, 3, 1}), 3.5, 0.1);
  EXPECT_NEAR(model.predict({1, 10, 0}), 20.5, 0.3);
}

TEST(CostModel, IsCarefulWithOneMeasurement) {
  CostModel model;
  model.add({1, 0}, 1);
  EXPECT_LT(model.predict({1, 0}), 1);
  EXPECT_EQ(model.predict({0, 1}), 0);
}
