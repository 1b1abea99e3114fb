#pragma once

#include <string>
#include <vector>

namespace easy {

bool is_leap_year(int year);
int gcd(int a, int b);
int count_vowels(const std::string& text);
int clamp(int value, int low, int high);
std::vector<int> running_totals(const std::vector<int>& numbers);

}  // namespace easy
