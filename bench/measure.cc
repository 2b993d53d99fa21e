#include "bench/measure.h"

#include <algorithm>
#include <ctime>

namespace guanxi::bench {
namespace {

double Read(clockid_t clock) {
  constexpr double kNanosecond = 1e-9;
  timespec now;
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) +
         static_cast<double>(now.tv_nsec) * kNanosecond;
}

}  // namespace

double ThreadCpuSeconds() { return Read(CLOCK_THREAD_CPUTIME_ID); }

double ProcessCpuSeconds() { return Read(CLOCK_PROCESS_CPUTIME_ID); }

double CpuSeconds(const std::function<void()>& work) {
  const double start = ThreadCpuSeconds();
  work();
  return ThreadCpuSeconds() - start;
}

double Median(std::vector<double> values) {
  const auto middle =
      values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

std::vector<double> MedianCpuSeconds(
    int rounds, absl::Span<const std::function<void()>> works) {
  std::vector<std::vector<double>> seconds(works.size());
  for (int round = -1; round < rounds; ++round) {
    for (size_t i = 0; i < works.size(); ++i) {
      const double taken = CpuSeconds(works[i]);
      if (round >= 0) seconds[i].push_back(taken);
    }
  }
  std::vector<double> medians;
  for (std::vector<double>& one : seconds) {
    medians.push_back(Median(std::move(one)));
  }
  return medians;
}

}  // namespace guanxi::bench
