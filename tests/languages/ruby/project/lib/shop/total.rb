# frozen_string_literal: true

require_relative "item"

module Shop
  # Raised where there is nothing to pay for.
  class EmptyError < StandardError; end

  # What a customer owes.
  class Till
    # The sum of the items' costs in cents; half of it, rounded down, with the coupon "half" in
    # any case, with white space around it.
    #
    # Raises EmptyError without items.
    def total(items, coupon: "")
      raise NotImplementedError
    end

    # The name of the dearest item.
    def dearest(items)
      items.max_by(&:price)&.name
    end
  end
end
