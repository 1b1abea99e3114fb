#undef NDEBUG
#include <cassert>

#include "shop/basket.hpp"

int main() {
    const std::vector<long> prices{3, 9, 4};
    assert(shop::dearest(prices) == 9);
    return 0;
}
