# frozen_string_literal: true

module Shop
  # One thing to buy.
  class Item
    attr_reader :name, :price, :count

    def initialize(name, price, count = 1)
      @name = name
      @price = price
      @count = count
    end

    # What all of it costs, in cents.
    def cost
      price * count
    end
  end
end
