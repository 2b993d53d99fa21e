#ifndef GUANXI_GRAPH_BASE_PREFETCH_H_
#define GUANXI_GRAPH_BASE_PREFETCH_H_

namespace guanxi {

// Begins to fetch what lies there into the processor's cache. A hint: the
// address need not be a valid one.
inline void Prefetch(const void* address) {
  __builtin_prefetch(address);
  // A function that does nothing but fetch is one without effect to g++, which
  // then drops the calls to it that it does not inline.
  asm volatile("");
}

}  // namespace guanxi

#endif  // GUANXI_GRAPH_BASE_PREFETCH_H_
