# frozen_string_literal: true

require "test_helper"

class TestTotal < Minitest::Test
  def setup
    @till = Shop::Till.new
    @bread = Shop::Item.new("bread", 355, 2)
  end

  def test_sum
    assert_equal 955, @till.total([@bread, Shop::Item.new("jam", 245)])
  end

  def test_half
    assert_equal 177, @till.total([Shop::Item.new("bread", 355)], coupon: " Half ")
  end

  def test_nothing
    assert_raises(Shop::EmptyError) { @till.total([]) }
  end
end

describe Shop::Till do
  describe "#total" do
    it "counts one item (once)" do
      _(Shop::Till.new.total([Shop::Item.new("jam", 245)])).must_equal 245
    end
  end
end
