package easy

// IsLeapYear reports whether a year of the Gregorian calendar has 366 days.
func IsLeapYear(year int) bool {
	panic("not implemented")
}

// Gcd gives the greatest common divisor of two numbers that are not negative; Gcd(0, 0) is 0.
func Gcd(a, b int) int {
	panic("not implemented")
}

// CountVowels counts a, e, i, o and u, small or capital.
func CountVowels(text string) int {
	panic("not implemented")
}

// Clamp gives the value, but not less than low and not more than high.
func Clamp(value, low, high int) int {
	panic("not implemented")
}

// RunningTotals gives, for each place, the sum of all numbers up to it.
func RunningTotals(numbers []int) []int {
	panic("not implemented")
}
