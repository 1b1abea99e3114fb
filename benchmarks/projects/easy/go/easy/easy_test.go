package easy

import (
	"slices"
	"testing"
)

func TestIsLeapYear(t *testing.T) {
	if !IsLeapYear(2024) || IsLeapYear(2023) || IsLeapYear(1900) {
		t.Error("2024 is a leap year; 2023 and 1900 are none")
	}
}

func TestGcd(t *testing.T) {
	if got := Gcd(12, 18); got != 6 {
		t.Errorf("Gcd(12, 18) = %d, want 6", got)
	}
}

func TestCountVowels(t *testing.T) {
	if got := CountVowels("Education"); got != 5 {
		t.Errorf("CountVowels = %d, want 5", got)
	}
}

func TestClamp(t *testing.T) {
	if Clamp(5, 0, 3) != 3 || Clamp(-1, 0, 3) != 0 || Clamp(2, 0, 3) != 2 {
		t.Error("a value is held between low and high")
	}
}

func TestRunningTotals(t *testing.T) {
	if got := RunningTotals([]int{1, 2, 3}); !slices.Equal(got, []int{1, 3, 6}) {
		t.Errorf("RunningTotals = %v, want [1 3 6]", got)
	}
}
