/** Whether a year of the Gregorian calendar has 366 days. */
export function isLeapYear(year) {
  throw new Error('not implemented');
}

/** The greatest common divisor of two numbers that are not negative; gcd(0, 0) is 0. */
export function gcd(a, b) {
  throw new Error('not implemented');
}

/** Counts a, e, i, o and u, small or capital. */
export function countVowels(text) {
  throw new Error('not implemented');
}

/** The value, but not less than low and not more than high. */
export function clamp(value, low, high) {
  throw new Error('not implemented');
}

/** For each place, the sum of all numbers up to it. */
export function runningTotals(numbers) {
  throw new Error('not implemented');
}
