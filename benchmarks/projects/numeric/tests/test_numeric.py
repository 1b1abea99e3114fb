import numpy as np
import pytest

from numeric import moving_average

SERIES = [
    [1.0, 2.0, 3.0, 4.0],
    [5.0, 5.0, 5.0, 5.0],
    [0.0, -1.0, 1.0, 0.0, 2.0],
    [10.0, 20.0, 40.0, 80.0, 160.0, 320.0],
    [0.5, 0.25, 0.125, 0.0625, 0.03125],
]


@pytest.mark.parametrize("values", SERIES)
def test_width_one_changes_nothing(values):
    assert np.allclose(moving_average(values, 1), values)


@pytest.mark.parametrize("values", SERIES)
def test_the_whole_width_is_the_mean(values):
    assert np.allclose(moving_average(values, len(values)), [np.mean(values)])


@pytest.mark.parametrize("values", SERIES)
def test_there_are_as_many_means_as_windows(values):
    assert len(moving_average(values, 2)) == len(values) - 1


@pytest.mark.parametrize("values", SERIES)
def test_too_wide_a_window_gives_nothing(values):
    assert moving_average(values, len(values) + 1) == []


@pytest.mark.parametrize("values", SERIES)
def test_no_window_is_an_error(values):
    with pytest.raises(ValueError, match="at least one"):
        moving_average(values, 0)


@pytest.mark.parametrize("values", SERIES)
def test_it_agrees_with_convolution(values):
    expected = np.convolve(values, np.ones(3) / 3, mode="valid")
    assert np.allclose(moving_average(values, 3), expected)


@pytest.mark.parametrize("values", SERIES)
def test_it_is_linear(values):
    doubled = moving_average([2 * value for value in values], 2)
    assert np.allclose(doubled, 2 * np.array(moving_average(values, 2)))


@pytest.mark.parametrize("values", SERIES)
def test_it_commutes_with_reversal(values):
    assert np.allclose(moving_average(values[::-1], 2), moving_average(values, 2)[::-1])


@pytest.mark.parametrize("values", SERIES)
def test_it_stays_between_the_extremes(values):
    means = moving_average(values, 3)
    assert min(values) - 1e-9 <= min(means)
    assert max(means) <= max(values) + 1e-9


@pytest.mark.parametrize("values", SERIES)
def test_it_leaves_its_argument_alone(values):
    before = list(values)
    moving_average(values, 2)
    assert values == before
