#include "shop/basket.hpp"

#include <stdexcept>

namespace shop {

long Basket::total() const {
    // TODO: sum up the items
    throw std::logic_error("not implemented");
}

}  // namespace shop
