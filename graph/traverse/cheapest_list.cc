#include "graph/traverse/cheapest_list.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <utility>

namespace guanxi::traverse {
namespace {

// What a part takes beside its steps, with the one that it bars anew.
constexpr int64_t kBytesPerPart = 160;

}  // namespace

CheapestLister::CheapestLister(const CheapestSearch& search,
                               const PathSpec& spec, Meter& meter)
    : search_(search), max_cost_(spec.max_cost), meter_(meter) {}

std::optional<Path> CheapestLister::Next() {
  if (!begun_) Begin();
  if (last_.has_value()) Split(*std::exchange(last_, std::nullopt));
  if (!Going() || ranked_.empty()) return std::nullopt;
  last_ = std::move(parts_[ranked_.top().index]);
  ranked_.pop();
  return PathOf(*last_);
}

void CheapestLister::Begin() {
  begun_ = true;
  const std::vector<PricedStep>& steps = search_.steps();
  const size_t waypoints = search_.waypoints().size();
  const size_t bytes = steps.size() * sizeof(uint32_t) +
                       waypoints * (sizeof(size_t) + sizeof(Label));
  if (!meter_.CountBytes(static_cast<int64_t>(bytes))) return;
  order_.resize(steps.size());
  std::iota(order_.begin(), order_.end(), 0);
  std::ranges::stable_sort(order_, {},
                           [&](uint32_t step) { return steps[step].from; });
  first_step_.assign(waypoints + 1, 0);
  for (const PricedStep& step : steps) ++first_step_[step.from + 1];
  std::partial_sum(first_step_.begin(), first_step_.end(), first_step_.begin());
  labels_.resize(waypoints);
  for (uint32_t i = 0; Going() && i < waypoints; ++i) {
    if (search_.waypoints()[i].is_from) Offer({.start = i});
  }
}

// Ranks a part by the cheapest of its paths, if it has any.
void CheapestLister::Offer(Part part) {
  if (!FindCheapest(part)) return;
  const size_t steps = part.begins.size() + part.steps.size();
  const auto bytes = static_cast<int64_t>(steps * sizeof(uint32_t));
  if (!meter_.CountBytes(kBytesPerPart + bytes)) return;
  ranked_.push({part.cost, parts_.size()});
  parts_.push_back(std::move(part));
}

// Splits what is left of a part once its cheapest path is taken out.
void CheapestLister::Split(Part part) {
  const size_t begins = part.begins.size();
  for (size_t at = begins; Going() && at <= part.steps.size(); ++at) {
    Part rest = {.start = part.start, .may_stop = at > begins || part.may_stop};
    const auto leaves = part.steps.begin() + static_cast<int64_t>(at);
    rest.begins.assign(part.steps.begin(), leaves);
    if (at == begins) rest.barred = std::move(part.barred);
    if (at < part.steps.size()) rest.barred.push_back(*leaves);
    if (at == part.steps.size()) rest.may_stop = false;
    Offer(std::move(rest));
  }
}

// Finds the cheapest path of a part (Hart, Nilsson and Raphael 1968, with the
// exact costs of the rest where nothing is barred).
bool CheapestLister::FindCheapest(Part& part) {
  const uint32_t spur = SpurOf(part);
  const double cost = Enter(part);
  if (part.may_stop && search_.waypoints()[spur].is_to) {
    part.cost = cost;
    part.steps = part.begins;
    return !CostsMore(cost, max_cost_);
  }
  if (!Relax(spur, part)) return false;
  while (!open_.empty()) {
    const auto waypoint = static_cast<uint32_t>(open_.top().index);
    open_.pop();
    Label& label = labels_[waypoint];
    if (label.closed) continue;
    label.closed = true;
    if (search_.waypoints()[waypoint].is_to) {
      part.cost = label.cost;
      part.steps = WayTo(waypoint, part);
      return true;
    }
    if (!Relax(waypoint, part)) return false;
  }
  return false;
}

// Marks what the paths of a part begin with; returns what that costs.
double CheapestLister::Enter(const Part& part) {
  ++mark_;
  open_ = {};
  double cost = 0;
  labels_[part.start] = {.mark = mark_, .closed = true};
  for (const uint32_t index : part.begins) {
    const PricedStep& step = search_.steps()[index];
    cost = cost + TollOf(step.from, part) + step.price;
    labels_[step.to] = {
        .mark = mark_, .closed = true, .cost = cost, .by = index};
  }
  return cost;
}

// Takes every step from a waypoint; returns whether the meter said yes.
bool CheapestLister::Relax(uint32_t from, const Part& part) {
  const bool leads_on =
      from == part.start || search_.waypoints()[from].passable;
  if (!leads_on) return true;
  const bool is_spur = from == SpurOf(part);
  const double cost = labels_[from].cost + TollOf(from, part);
  for (size_t i = first_step_[from]; i < first_step_[from + 1]; ++i) {
    if (!meter_.CountRelationship()) return false;
    const uint32_t index = order_[i];
    if (is_spur && std::ranges::count(part.barred, index) > 0) continue;
    const PricedStep& step = search_.steps()[index];
    Label& label = labels_[step.to];
    const double there = cost + step.price;
    const bool is_new = label.mark != mark_;
    if (!is_new && (label.closed || label.cost <= there)) continue;
    const double whole = there + search_.Rest(step.to);
    if (CostsMore(whole, max_cost_)) {
      bounded_ = true;
      continue;
    }
    label = {.mark = mark_, .cost = there, .by = index};
    open_.push({whole, step.to});
  }
  return true;
}

std::vector<uint32_t> CheapestLister::WayTo(uint32_t waypoint,
                                            const Part& part) const {
  std::vector<uint32_t> steps;
  while (waypoint != part.start) {
    const uint32_t by = labels_[waypoint].by;
    steps.push_back(by);
    waypoint = search_.steps()[by].from;
  }
  std::ranges::reverse(steps);
  return steps;
}

Path CheapestLister::PathOf(const Part& part) const {
  Path path = {.entities = {search_.waypoints()[part.start].id},
               .cost = part.cost};
  for (const uint32_t index : part.steps) {
    const PricedStep& step = search_.steps()[index];
    path.relationships.push_back(step.relationship);
    path.entities.push_back(search_.waypoints()[step.to].id);
  }
  return path;
}

uint32_t CheapestLister::SpurOf(const Part& part) const {
  if (part.begins.empty()) return part.start;
  return search_.steps()[part.begins.back()].to;
}

double CheapestLister::TollOf(uint32_t waypoint, const Part& part) const {
  return waypoint == part.start ? 0 : search_.waypoints()[waypoint].toll;
}

}  // namespace guanxi::traverse
