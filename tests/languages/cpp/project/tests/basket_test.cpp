#include "shop/basket.hpp"

#include <gtest/gtest.h>

using shop::Basket;

TEST(Basket, IsEmptyAtFirst) { EXPECT_EQ(Basket().size(), 0u); }

TEST(Basket, TotalOfNothingIsZero) { EXPECT_EQ(Basket().total(), 0); }

TEST(Basket, TotalCountsEachItem) {
    Basket basket;
    basket.add({"tea", 250, 2});
    basket.add({"cup", 900});
    EXPECT_EQ(basket.total(), 1400);
}

class Discounted : public ::testing::TestWithParam<int> {};

TEST_P(Discounted, TotalIsRoundedUpAtHalfACent) {
    Basket basket(GetParam());
    basket.add({"tea", 250});
    EXPECT_EQ(basket.total(), (250 * (100 - GetParam()) + 50) / 100);
}

INSTANTIATE_TEST_SUITE_P(Some, Discounted, ::testing::Values(0, 5, 33));
