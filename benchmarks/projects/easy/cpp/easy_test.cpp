#include "easy.hpp"

#include <gtest/gtest.h>

TEST(Easy, IsLeapYear) {
    EXPECT_TRUE(easy::is_leap_year(2024));
    EXPECT_FALSE(easy::is_leap_year(2023));
    EXPECT_FALSE(easy::is_leap_year(1900));
}

TEST(Easy, Gcd) { EXPECT_EQ(easy::gcd(12, 18), 6); }

TEST(Easy, CountVowels) { EXPECT_EQ(easy::count_vowels("Education"), 5); }

TEST(Easy, Clamp) {
    EXPECT_EQ(easy::clamp(5, 0, 3), 3);
    EXPECT_EQ(easy::clamp(-1, 0, 3), 0);
    EXPECT_EQ(easy::clamp(2, 0, 3), 2);
}

TEST(Easy, RunningTotals) { EXPECT_EQ(easy::running_totals({1, 2, 3}), (std::vector<int>{1, 3, 6})); }
