#include "easy.hpp"

#include <stdexcept>

namespace easy {

// Whether a year of the Gregorian calendar has 366 days.
bool is_leap_year(int year) {
    throw std::logic_error("not implemented");
}

// The greatest common divisor of two numbers that are not negative; gcd(0, 0) is 0.
int gcd(int a, int b) {
    throw std::logic_error("not implemented");
}

// Counts a, e, i, o and u, small or capital.
int count_vowels(const std::string& text) {
    throw std::logic_error("not implemented");
}

// The value, but not less than low and not more than high.
int clamp(int value, int low, int high) {
    throw std::logic_error("not implemented");
}

// For each place, the sum of all numbers up to it.
std::vector<int> running_totals(const std::vector<int>& numbers) {
    throw std::logic_error("not implemented");
}

}  // namespace easy
