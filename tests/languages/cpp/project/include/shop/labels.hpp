#pragma once

#include <string>

namespace shop {

/// A price as people read it: 1234 is "12.34".
std::string label(long cents);

}  // namespace shop
