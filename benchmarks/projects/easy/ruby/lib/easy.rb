module Easy
  # Whether a year of the Gregorian calendar has 366 days.
  def self.leap_year?(year)
    raise NotImplementedError
  end

  # The greatest common divisor of two numbers that are not negative; of 0 and 0 it is 0.
  def self.common_divisor(first, second)
    raise NotImplementedError
  end

  # Counts a, e, i, o and u, small or capital.
  def self.count_vowels(text)
    raise NotImplementedError
  end

  # The value, but not less than low and not more than high.
  def self.clamp(value, low, high)
    raise NotImplementedError
  end

  # For each place, the sum of all numbers up to it.
  def self.running_totals(numbers)
    raise NotImplementedError
  end
end
