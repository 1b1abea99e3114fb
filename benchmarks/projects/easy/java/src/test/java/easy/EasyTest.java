package easy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class EasyTest {
    @Test
    void isLeapYear() {
        assertTrue(Easy.isLeapYear(2024));
        assertFalse(Easy.isLeapYear(2023));
        assertFalse(Easy.isLeapYear(1900));
    }

    @Test
    void gcd() {
        assertEquals(6, Easy.gcd(12, 18));
    }

    @Test
    void countVowels() {
        assertEquals(5, Easy.countVowels("Education"));
    }

    @Test
    void clamp() {
        assertEquals(3, Easy.clamp(5, 0, 3));
        assertEquals(0, Easy.clamp(-1, 0, 3));
        assertEquals(2, Easy.clamp(2, 0, 3));
    }

    @Test
    void runningTotals() {
        assertArrayEquals(new int[] {1, 3, 6}, Easy.runningTotals(new int[] {1, 2, 3}));
    }
}
