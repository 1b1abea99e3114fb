package easy;

public final class Easy {
    private Easy() {}

    /** Whether a year of the Gregorian calendar has 366 days. */
    public static boolean isLeapYear(int year) {
        throw new UnsupportedOperationException("not implemented");
    }

    /** The greatest common divisor of two numbers that are not negative; gcd(0, 0) is 0. */
    public static int gcd(int a, int b) {
        throw new UnsupportedOperationException("not implemented");
    }

    /** Counts a, e, i, o and u, small or capital. */
    public static int countVowels(String text) {
        throw new UnsupportedOperationException("not implemented");
    }

    /** The value, but not less than low and not more than high. */
    public static int clamp(int value, int low, int high) {
        throw new UnsupportedOperationException("not implemented");
    }

    /** For each place, the sum of all numbers up to it. */
    public static int[] runningTotals(int[] numbers) {
        throw new UnsupportedOperationException("not implemented");
    }
}
