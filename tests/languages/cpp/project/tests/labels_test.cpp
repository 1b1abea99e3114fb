#include "shop/labels.hpp"

#include <gtest/gtest.h>

TEST(Labels, ShowTwoDigits) { EXPECT_EQ(shop::label(1205), "12.05"); }
