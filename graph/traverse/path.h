#ifndef GUANXI_GRAPH_TRAVERSE_PATH_H_
#define GUANXI_GRAPH_TRAVERSE_PATH_H_

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "graph/model/ids.h"
#include "graph/model/predicate.h"
#include "graph/model/view.h"
#include "graph/topology/topology.h"
#include "graph/traverse/spec.h"

namespace guanxi::traverse {

enum class PathMode : uint8_t {
  kAnyShortest,  // one of the shortest
  kAllShortest,
  kAll,        // up to the longest length
  kKShortest,  // the first `max_paths` of kAll
};

// What may stand twice on a path.
enum class PathRestrictor : uint8_t {
  kAcyclic,  // nothing
  kTrail,    // an entity, not a relationship
  kWalk,     // anything
};

// One step of a pattern, to be repeated.
struct PathStep {
  static constexpr int kAnyNumber = 64;

  std::optional<Direction> direction;  // that of the traversal unless told
  std::vector<std::string> types;      // empty: all
  // Of the entity that it leads to, unless that is an end that was given;
  // empty: all.
  std::vector<std::string> labels;
  // Fitted, as those of a TraversalSpec.
  std::vector<Predicate> entity_predicates;
  std::vector<Predicate> relationship_predicates;
  int min = 1;  // 0 to max
  int max = 1;  // 1 to kAnyNumber, which is no bound
};

// What the price of a relationship is made from.
enum class PriceBasis : uint8_t {
  kOne,         // each costs 1
  kProperty,    // a number that it has
  kConfidence,  // how sure it is
};

// And how. Of a number with bounds that which costs least counts; a percentage
// is a part of one: 16% is 0.16.
enum class PriceFunction : uint8_t {
  kValue,
  kInverse,
  kNegativeLogarithm,  // a path costs least whose numbers multiply to the most
};

struct PathCost {
  PriceBasis basis = PriceBasis::kOne;
  std::string property;  // kProperty
  PriceFunction function = PriceFunction::kValue;
  // Of a relationship that has no such number, or one that makes less than
  // nothing; 0 or more. nullopt: paths do not take it.
  std::optional<double> otherwise;
  // Added for each entity between the ends, times the natural logarithm of how
  // many relationships it has. 0 or more.
  double hub_penalty = 0;
};

struct PathSpec {
  static constexpr int kMaxLength = 64;
  static constexpr int64_t kMaxPaths = 1'000'000;
  static constexpr int64_t kMaxRepetitions = 63;

  // `labels` and `exclude_entities` bind the entities between the ends.
  TraversalSpec traversal;
  PathMode mode = PathMode::kAnyShortest;
  int max_length = 16;  // relationships, 1 to kMaxLength
  PathRestrictor restrictor = PathRestrictor::kAcyclic;
  int64_t max_paths = 0;  // kKShortest: 1 to kMaxPaths; else 0
  // What a path is made of, step behind step; empty: any steps. At most
  // kMaxRepetitions together.
  std::vector<PathStep> pattern;
  // A path whose confidences, multiplied, are less is none. 0 to 1.
  double min_path_confidence = 0;
  // With it, "shortest" means cheapest. Then max_length plays no part, and
  // there is neither a pattern, a restrictor but kAcyclic, nor a confidence.
  std::optional<PathCost> cost;
  double max_cost = std::numeric_limits<double>::infinity();  // 0 or more
  // Counts paths in place of giving them, which takes no order and reads no
  // keys; they are no results then. kAll and kAllShortest alone, and without a
  // cost.
  bool counts_only = false;
};

// The most repetitions of all steps together; a step without a bound counts as
// its `min`, and one more.
int64_t CountRepetitions(const std::vector<PathStep>& pattern);

// Where paths begin and where they lead: any of either. What stands in both is
// a path of length 0.
struct PathEnds {
  std::vector<EntityId> from;
  std::vector<EntityId> to;
  // In place of `to`: to whatever may stand between, by one relationship or
  // more. kAll and kKShortest alone, and without a cost.
  bool anywhere = false;
};

struct Path {
  std::vector<EntityId> entities;             // from the first to the last
  std::vector<RelationshipId> relationships;  // one fewer
  double cost = 0;                            // if it was asked for

  friend bool operator==(const Path&, const Path&) = default;
};

// How many there are, of all parts so far; of an answer that is TRUNCATED at
// least, and of no length surely all.
struct PathCounts {
  std::vector<int64_t> by_length;  // of 0, 1, 2 and so on relationships
  int64_t ends = 0;                // to how many different entities they lead

  friend bool operator==(const PathCounts&, const PathCounts&) = default;
};

struct PathAnswer {
  std::vector<Path> paths;
  PathCounts counts;  // with `counts_only`
  Completeness completeness;
};

// Finds paths between the ends, searching from both, or from the first ones
// where the others may be anywhere. With a direction, every relationship on a
// path points that way as seen from its first entity. Shortest means: over all
// pairs of ends.
//
// They come in this order, whatever the ids: by length; then by the key of the
// first entity; then, relationship by relationship, by the key of the entity
// that it leads to, by its type, and as it is written
// (RelationshipKey::ToString()). kAnyShortest answers the first one where there
// is a pattern, or a confidence to be reached; else one of the shortest, the
// same one for the same state.
//
// COMPLETE: all that was asked for, max_length being part of that. PROVEN_NONE:
// there is no path of any length. TRUNCATED: a limit ended the search or the
// list, or (kLength) there is none up to max_length, but there may be a longer
// one. max_results counts paths; a step of listing them counts as a
// relationship looked at.
//
// left_out has the relationships of every entity that was expanded, if they go
// the way of some step of the pattern; of kAnyShortest with a path, those that
// were met before it was found.
//
// INVALID_ARGUMENT [SPEC_INVALID]: a number is out of range, or PathEnds or
// `counts_only` does not go with the mode or the cost.
absl::StatusOr<PathAnswer> FindPaths(const topology::Ground& ground,
                                     const PathEnds& ends,
                                     const PathSpec& spec);

// Likewise, but gives each path to `take` as it is found; the list of the
// answer stays empty. Ends with the first error of `take`, and waits for it.
// Paths are listed when the search has met those of their length, so the first
// ones come early where several lengths, or many paths, were asked for.
using TakePath = absl::FunctionRef<absl::Status(const Path&)>;
absl::StatusOr<PathAnswer> FindPaths(const topology::Ground& ground,
                                     const PathEnds& ends, const PathSpec& spec,
                                     TakePath take);

// Finds cycles: paths from an entity back to it, on which nothing else stands
// twice, whatever the restrictor. As FindPaths(), but a cycle that can be gone
// both ways is listed once, the way that comes first, if the traversal goes in
// both directions and there is no pattern.
absl::StatusOr<PathAnswer> FindCycles(const topology::Ground& ground,
                                      EntityId entity, const PathSpec& spec);
absl::StatusOr<PathAnswer> FindCycles(const topology::Ground& ground,
                                      EntityId entity, const PathSpec& spec,
                                      TakePath take);

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_PATH_H_
