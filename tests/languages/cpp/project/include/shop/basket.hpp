#pragma once

#include <string>
#include <vector>

namespace shop {

/// One line of a basket.
struct Item {
    std::string name;
    long cents = 0;
    int count = 1;
};

class Basket {
public:
    explicit Basket(int discount_percent = 0) : discount_percent_(discount_percent) {}

    void add(Item item) { items_.push_back(std::move(item)); }

    /// What all items cost, less the discount; half a cent is rounded up.
    long total() const;

    std::size_t size() const { return items_.size(); }

private:
    std::vector<Item> items_;
    int discount_percent_;
};

/// The dearest price of a list, 0 of an empty one.
template <typename T>
T dearest(const std::vector<T>& prices) {
    T best{};
    for (const T& price : prices) {
        if (price > best) best = price;
    }
    return best;
}

}  // namespace shop
