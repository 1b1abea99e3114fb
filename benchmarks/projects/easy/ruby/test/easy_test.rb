require "minitest/autorun"
require "easy"

class EasyTest < Minitest::Test
  def test_leap_year
    assert_equal true, Easy.leap_year?(2024)
    assert_equal false, Easy.leap_year?(2023)
    assert_equal false, Easy.leap_year?(1900)
  end

  def test_common_divisor
    assert_equal 6, Easy.common_divisor(12, 18)
  end

  def test_count_vowels
    assert_equal 5, Easy.count_vowels("Education")
  end

  def test_clamp
    assert_equal 3, Easy.clamp(5, 0, 3)
    assert_equal 0, Easy.clamp(-1, 0, 3)
    assert_equal 2, Easy.clamp(2, 0, 3)
  end

  def test_running_totals
    assert_equal [1, 3, 6], Easy.running_totals([1, 2, 3])
  end
end
