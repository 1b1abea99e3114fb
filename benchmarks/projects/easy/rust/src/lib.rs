/// Whether a year of the Gregorian calendar has 366 days.
pub fn is_leap_year(year: u32) -> bool {
    todo!()
}

/// The greatest common divisor of two numbers that are not negative; gcd(0, 0) is 0.
pub fn gcd(a: u64, b: u64) -> u64 {
    todo!()
}

/// Counts a, e, i, o and u, small or capital.
pub fn count_vowels(text: &str) -> usize {
    todo!()
}

/// The value, but not less than low and not more than high.
pub fn clamp(value: i64, low: i64, high: i64) -> i64 {
    todo!()
}

/// For each place, the sum of all numbers up to it.
pub fn running_totals(numbers: &[i64]) -> Vec<i64> {
    todo!()
}
