"""Years of the Gregorian calendar."""


def is_leap_year(year: int) -> bool:
    """Return True if the year is a leap year, else False.

    >>> is_leap_year(2024)
    True
    >>> is_leap_year(2023)
    False
    >>> is_leap_year(1900)
    False
    >>> is_leap_year(2000)
    True
    """
    ...
