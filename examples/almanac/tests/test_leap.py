from leap import is_leap_year


def test_centuries():
    assert is_leap_year(1600)
    assert not is_leap_year(1700)
