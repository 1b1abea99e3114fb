# frozen_string_literal: true

require "test_helper"

class TestDearest < Minitest::Test
  def test_name
    items = [Shop::Item.new("jam", 245), Shop::Item.new("bread", 355)]
    assert_equal "bread", Shop::Till.new.dearest(items)
  end
end
