#include "graph/traverse/spec.h"

namespace guanxi::traverse {

Direction Reverse(Direction direction) {
  switch (direction) {
    case Direction::kOut:
      return Direction::kIn;
    case Direction::kIn:
      return Direction::kOut;
    case Direction::kBoth:
      return Direction::kBoth;
  }
  return direction;
}

}  // namespace guanxi::traverse
