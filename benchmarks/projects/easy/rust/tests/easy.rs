use easy::{clamp, count_vowels, gcd, is_leap_year, running_totals};

#[test]
fn leap_years() {
    assert!(is_leap_year(2024));
    assert!(!is_leap_year(2023));
    assert!(!is_leap_year(1900));
}

#[test]
fn divisors() {
    assert_eq!(gcd(12, 18), 6);
}

#[test]
fn vowels() {
    assert_eq!(count_vowels("Education"), 5);
}

#[test]
fn clamped() {
    assert_eq!((clamp(5, 0, 3), clamp(-1, 0, 3), clamp(2, 0, 3)), (3, 0, 2));
}

#[test]
fn totals() {
    assert_eq!(running_totals(&[1, 2, 3]), vec![1, 3, 6]);
}
