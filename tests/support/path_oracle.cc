#include "tests/support/path_oracle.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"

#include "tests/support/slow_graph.h"

namespace guanxi::test {
namespace {

using store::Snapshot;
using traverse::Path;
using traverse::PathEnds;
using traverse::PathMode;
using traverse::PathRestrictor;
using traverse::PathSpec;
using traverse::PathStep;
using traverse::PriceBasis;
using traverse::PriceFunction;
using traverse::TraversalSpec;

std::string RelationshipText(const Snapshot& snapshot, RelationshipId id) {
  Lens lens;  // on any day, in any mode
  for (const Mode mode : {Mode::kExpected, Mode::kPlanned, Mode::kInferred,
                          Mode::kOpinion, Mode::kSuggested}) {
    lens.modes.Add(mode);
  }
  const auto views = snapshot.ReadRelationship(id, lens, Evidence::kNone);
  return views->empty() ? "" : views->front().key.ToString();
}

// Whether a path, hop by hop, is what a pattern says: by trying how often each
// step is repeated.
class PatternMatch {
 public:
  PatternMatch(const Snapshot& snapshot, const PathEnds& ends,
               const PathSpec& spec)
      : snapshot_(snapshot), ends_(ends), spec_(spec) {}

  bool Matches(const std::vector<Step>& hops) const {
    return spec_.pattern.empty() || MatchesFrom(hops, 0, 0, 0);
  }

 private:
  // Whether the hops from `at` on fit the steps from `step` on, which was
  // repeated so often already.
  bool MatchesFrom(const std::vector<Step>& hops, size_t at, size_t step,
                   int repeated) const {
    if (step == spec_.pattern.size()) return at == hops.size();
    const PathStep& asked = spec_.pattern[step];
    if (repeated >= asked.min && MatchesFrom(hops, at, step + 1, 0)) {
      return true;
    }
    const bool bounded = asked.max < PathStep::kAnyNumber;
    if (at == hops.size() || (bounded && repeated == asked.max)) return false;
    const bool is_last = at + 1 == hops.size() && !ends_.anywhere;
    return Fits(hops[at], asked, is_last) &&
           MatchesFrom(hops, at + 1, step, repeated + 1);
  }

  bool Fits(const Step& hop, const PathStep& asked, bool is_last) const {
    const Direction direction =
        asked.direction.value_or(spec_.traversal.direction);
    if (!hop.edge.symmetric && direction != Direction::kBoth &&
        direction != hop.direction) {
      return false;
    }
    if (!asked.types.empty() &&
        std::ranges::count(asked.types, hop.edge.type) == 0) {
      return false;
    }
    if (is_last || asked.labels.empty()) return true;
    const auto view =
        snapshot_.ReadEntity(hop.to, spec_.traversal.lens, Evidence::kNone);
    const std::vector<std::string>& labels = view->all_labels;
    return std::ranges::find_first_of(labels, asked.labels) != labels.end();
  }

  const Snapshot& snapshot_;
  const PathEnds& ends_;
  const PathSpec& spec_;
};

// With a pattern each step has its own direction.
TraversalSpec AllWays(const PathSpec& spec) {
  TraversalSpec all = spec.traversal;
  if (!spec.pattern.empty()) all.direction = Direction::kBoth;
  return all;
}

class Enumeration {
 public:
  Enumeration(const Snapshot& snapshot, const PathEnds& ends, bool cycles,
              const PathSpec& spec, size_t max_length)
      : snapshot_(snapshot),
        ends_(ends),
        cycles_(cycles),
        spec_(spec),
        traversal_(AllWays(spec)),
        graph_(snapshot, traversal_),
        match_(snapshot, ends, spec),
        max_length_(max_length) {}

  std::vector<Path> Run() {
    for (const EntityId from :
         std::set<EntityId>(ends_.from.begin(), ends_.from.end())) {
      path_ = {.entities = {from}};
      Go(1);
    }
    return {found_.begin(), found_.end()};
  }

 private:
  void Go(double confidence) {
    const EntityId here = path_.entities.back();
    const bool closed = cycles_ && !hops_.empty() && here == ends_.to.front();
    const bool ends = cycles_ ? closed : IsEnd(here);
    if (ends && match_.Matches(hops_)) found_.insert(path_);
    if (closed || path_.relationships.size() == max_length_) return;
    if (path_.entities.size() > 1 && !Carries(here)) return;
    for (const Step& step : StepsFrom(here)) {
      const double so_far = confidence * Confidence(step.edge.id);
      if (!MayTake(step) || so_far < spec_.min_path_confidence) continue;
      path_.entities.push_back(step.to);
      path_.relationships.push_back(step.edge.id);
      hops_.push_back(step);
      Go(so_far);
      hops_.pop_back();
      path_.entities.pop_back();
      path_.relationships.pop_back();
    }
  }

  bool IsEnd(EntityId here) {
    if (ends_.anywhere) return !hops_.empty() && Carries(here);
    return std::ranges::count(ends_.to, here) > 0;
  }

  bool MayTake(const Step& step) const {
    const bool taken =
        std::ranges::count(path_.relationships, step.edge.id) > 0;
    const auto& met = path_.entities;
    if (cycles_) {
      return !taken && std::count(met.begin() + 1, met.end(), step.to) == 0;
    }
    switch (spec_.restrictor) {
      case PathRestrictor::kAcyclic:
        return std::ranges::count(met, step.to) == 0;
      case PathRestrictor::kTrail:
        return !taken;
      case PathRestrictor::kWalk:
        return true;
    }
    return true;
  }

  double Confidence(RelationshipId id) const {
    if (spec_.min_path_confidence == 0) return 1;
    const auto views =
        snapshot_.ReadRelationship(id, traversal_.lens, Evidence::kNone);
    double confidence = 0;
    for (const RelationshipView& view : *views) {
      confidence = std::max(confidence, view.showing.confidence);
    }
    return confidence;
  }

  bool Carries(EntityId id) {
    const auto [found, is_new] = carries_.try_emplace(id, false);
    if (is_new) found->second = graph_.Carries(id);
    return found->second;
  }

  const std::vector<Step>& StepsFrom(EntityId id) {
    const auto [found, is_new] = steps_.try_emplace(id);
    if (!is_new) return found->second;
    for (const Step& step : graph_.StepsFrom(id)) {
      if (graph_.Shows(step.edge)) found->second.push_back(step);
    }
    return found->second;
  }

  struct Before {
    bool operator()(const Path& one, const Path& other) const {
      return std::tie(one.entities, one.relationships) <
             std::tie(other.entities, other.relationships);
    }
  };

  const Snapshot& snapshot_;
  const PathEnds& ends_;
  const bool cycles_;
  const PathSpec& spec_;
  const TraversalSpec traversal_;
  SlowGraph graph_;
  PatternMatch match_;
  const size_t max_length_;
  std::map<EntityId, bool> carries_;
  std::map<EntityId, std::vector<Step>> steps_;
  Path path_;
  std::vector<Step> hops_;
  std::set<Path, Before> found_;
};

// What the order compares: the length, the first key, then what each step leads
// to and goes along.
auto Rank(const Snapshot& snapshot, const Path& path) {
  using Leg = std::tuple<std::string, std::string, std::string>;
  std::vector<Leg> legs;
  for (size_t i = 0; i < path.relationships.size(); ++i) {
    const std::string text = RelationshipText(snapshot, path.relationships[i]);
    const size_t begin = text.find("[") + 1;
    legs.emplace_back(*snapshot.EntityKey(path.entities[i + 1]),
                      text.substr(begin, text.find("]") - begin), text);
  }
  return std::tuple(legs.size(), *snapshot.EntityKey(path.entities[0]), legs);
}

std::vector<Path> InOrder(const Snapshot& snapshot, std::vector<Path> paths) {
  using Ranked = std::pair<decltype(Rank(snapshot, {})), Path>;
  std::vector<Ranked> ranked;
  for (Path& path : paths) {
    auto rank = Rank(snapshot, path);
    ranked.emplace_back(std::move(rank), std::move(path));
  }
  std::ranges::sort(ranked, {}, &Ranked::first);
  paths.clear();
  for (Ranked& one : ranked) paths.push_back(std::move(one.second));
  return paths;
}

Path Reversed(Path path) {
  std::ranges::reverse(path.entities);
  std::ranges::reverse(path.relationships);
  return path;
}

PathStep RandomStep(Random& random) {
  PathStep step;
  if (random.OneIn(2)) {
    step.direction = random.Pick<Direction>(
        {Direction::kBoth, Direction::kOut, Direction::kIn});
  }
  if (random.OneIn(2)) {
    step.types = {random.Pick<std::string>({"OWNS", "KNOWS", "FOUNDED"}),
                  random.Pick<std::string>({"ODD", "ODDER", "NEVER_SEEN"})};
  }
  if (random.OneIn(4)) {
    step.labels = {random.Pick<std::string>({"Organization", "Person"})};
  }
  if (random.OneIn(2)) {
    step.max = random.OneIn(3) ? PathStep::kAnyNumber
                               : static_cast<int>(1 + random.Below(3));
    step.min = static_cast<int>(random.Below(2 + random.Below(2)));
    step.min = std::min(step.min, step.max);
  }
  return step;
}

}  // namespace

std::vector<Path> EnumeratePaths(const Snapshot& snapshot, const PathEnds& ends,
                                 const PathSpec& spec, size_t max_length) {
  return InOrder(snapshot,
                 Enumeration(snapshot, ends, false, spec, max_length).Run());
}

std::vector<Path> EnumerateCycles(const Snapshot& snapshot, EntityId entity,
                                  const PathSpec& spec, size_t max_length) {
  const PathEnds ends = {.from = {entity}, .to = {entity}};
  const std::vector<Path> all = InOrder(
      snapshot, Enumeration(snapshot, ends, true, spec, max_length).Run());
  const bool once =
      spec.traversal.direction == Direction::kBoth && spec.pattern.empty();
  if (!once) return all;
  std::vector<Path> cycles;
  for (const Path& cycle : all) {
    const bool listed = std::ranges::count(cycles, Reversed(cycle)) > 0 &&
                        Reversed(cycle) != cycle;
    if (!listed) cycles.push_back(cycle);
  }
  return cycles;
}

PathSpec RandomPathSpec(Random& random) {
  PathSpec spec;
  spec.traversal = RandomTraversal(random);
  spec.max_length = static_cast<int>(1 + random.Below(5));
  spec.mode =
      random.Pick<PathMode>({PathMode::kAnyShortest, PathMode::kAllShortest,
                             PathMode::kAll, PathMode::kKShortest});
  if (spec.mode == PathMode::kKShortest) {
    spec.max_paths = static_cast<int64_t>(1 + random.Below(6));
  }
  spec.restrictor = random.Pick<PathRestrictor>({PathRestrictor::kAcyclic,
                                                 PathRestrictor::kTrail,
                                                 PathRestrictor::kWalk});
  const size_t steps = random.Below(4);
  for (size_t i = 0; i < steps; ++i) {
    spec.pattern.push_back(RandomStep(random));
  }
  if (random.OneIn(4)) {
    spec.min_path_confidence = random.Pick<double>({0.2, 0.5, 0.8, 1});
  }
  return spec;
}

PathSpec RandomCostSpec(Random& random) {
  PathSpec spec;
  spec.traversal = RandomTraversal(random);
  spec.mode =
      random.Pick<PathMode>({PathMode::kAnyShortest, PathMode::kAllShortest,
                             PathMode::kAll, PathMode::kKShortest});
  if (spec.mode == PathMode::kKShortest) {
    spec.max_paths = static_cast<int64_t>(1 + random.Below(8));
  }
  spec.cost.emplace();
  spec.cost->basis =
      random.Pick<PriceBasis>({PriceBasis::kOne, PriceBasis::kProperty,
                               PriceBasis::kProperty, PriceBasis::kConfidence});
  spec.cost->property = "weight";
  if (random.OneIn(2)) spec.cost->otherwise = 1.5;
  // Where ties matter, sums must be exact.
  if (spec.mode != PathMode::kAllShortest) {
    spec.cost->function = random.Pick<PriceFunction>(
        {PriceFunction::kValue, PriceFunction::kInverse,
         PriceFunction::kNegativeLogarithm});
    if (random.OneIn(3)) spec.cost->hub_penalty = 0.5;
  } else if (spec.cost->basis == PriceBasis::kConfidence) {
    spec.cost->basis = PriceBasis::kProperty;
  }
  if (random.OneIn(3)) {
    spec.max_cost = static_cast<double>(random.Below(5)) + 0.1;
  }
  return spec;
}

std::string ToText(const Snapshot& snapshot, const Path& path) {
  std::string text = *snapshot.EntityKey(path.entities[0]);
  for (size_t i = 0; i < path.relationships.size(); ++i) {
    absl::StrAppend(&text, " ",
                    RelationshipText(snapshot, path.relationships[i]), " ",
                    *snapshot.EntityKey(path.entities[i + 1]));
  }
  return text;
}

}  // namespace guanxi::test
