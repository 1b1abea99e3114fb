/** Whether a year of the Gregorian calendar has 366 days. */
export function isLeapYear(year: number): boolean {
  throw new Error('not implemented');
}

/** The greatest common divisor of two numbers that are not negative; gcd(0, 0) is 0. */
export function gcd(a: number, b: number): number {
  throw new Error('not implemented');
}

/** Counts a, e, i, o and u, small or capital. */
export function countVowels(text: string): number {
  throw new Error('not implemented');
}

/** The value, but not less than low and not more than high. */
export function clamp(value: number, low: number, high: number): number {
  throw new Error('not implemented');
}

/** For each place, the sum of all numbers up to it. */
export function runningTotals(numbers: number[]): number[] {
  throw new Error('not implemented');
}
