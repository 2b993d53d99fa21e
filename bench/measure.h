#ifndef GUANXI_BENCH_MEASURE_H_
#define GUANXI_BENCH_MEASURE_H_

#include <functional>
#include <vector>

#include "absl/types/span.h"

namespace guanxi::bench {

// Clocks of the CPU time of this thread, and of all threads.
double ThreadCpuSeconds();
double ProcessCpuSeconds();

// The CPU time that a piece of work takes of this thread, in seconds.
double CpuSeconds(const std::function<void()>& work);

// The value in the middle. Requires that there is one.
double Median(std::vector<double> values);

// Runs each piece of work `rounds` times, in turns, so that what else the
// machine does falls on all of them alike, and once before that. Returns for
// each the median of the CPU time of this thread, in seconds. Work that moves
// to other threads is not counted. Requires rounds > 0.
std::vector<double> MedianCpuSeconds(
    int rounds, absl::Span<const std::function<void()>> works);

}  // namespace guanxi::bench

#endif  // GUANXI_BENCH_MEASURE_H_
