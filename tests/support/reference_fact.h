#ifndef GUANXI_TESTS_SUPPORT_REFERENCE_FACT_H_
#define GUANXI_TESTS_SUPPORT_REFERENCE_FACT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "graph/model/claim.h"
#include "graph/model/resolve.h"
#include "graph/model/schema.h"
#include "graph/value/date.h"
#include "graph/value/quantity.h"
#include "graph/value/value.h"

namespace guanxi::test {

// What a printed value can mean: an interval of numbers, a range of days, or
// nothing but itself.
struct Meaning {
  std::optional<Interval> numbers;
  std::optional<DayRange> days;
  const Value* itself = nullptr;
};

// How a source's word weighs, seen through its lineage.
struct Weight {
  int tier = 2;  // 0 primary, 1 secondary, 2 weak: of its best root
  std::set<std::string> roots;
  std::optional<DayRange> published;
};

// One believed claim that speaks of the fact.
struct Witness {
  const Claim* claim = nullptr;
  std::optional<Value> value;  // none: the fact has no value, as existence
  Weight weight;
  bool speaks_of_parts = false;  // a denial of properties, not of the whole
};

// How one claim, or one mode class, stands on a day.
enum class Stand : uint8_t { kNo, kUnrecorded, kMaybe, kYes };

struct Beaten {
  size_t witness = 0;
  LossRule rule = LossRule::kId;
};

// What the claims of one mode class show on a day.
struct Judged {
  size_t winner = 0;
  Holds holds = Holds::kYes;
  bool conflict = false;
  bool disputed = false;
  bool undated = false;
  std::vector<Beaten> losers;  // in no order

  // Whether both show the same; who lost is not looked at.
  friend bool operator==(const Judged& a, const Judged& b) {
    return a.winner == b.winner && a.holds == b.holds &&
           a.conflict == b.conflict && a.disputed == b.disputed &&
           a.undated == b.undated;
  }
};

// One fact, judged on single days straight from DESIGN.md §1: slow and plain.
// The claims must outlive it.
class ReferenceFact {
 public:
  ReferenceFact(TimeKind kind, std::optional<Duration> stale_after,
                std::vector<Witness> witnesses);
  // Movable only: meanings point at the values of the witnesses.
  ReferenceFact(ReferenceFact&&) = default;
  ReferenceFact& operator=(ReferenceFact&&) = default;

  const std::vector<Witness>& witnesses() const { return witnesses_; }

  Stand StandOn(size_t witness, Day day) const;

  // What the mode class shows on the day; nullopt if none of it holds.
  std::optional<Judged> JudgeOn(Mode mode_class, Day day) const;

  // Whether some claim of the class, not deprecated, is unrecorded that day.
  bool UnrecordedOn(Mode mode_class, Day day) const;

  // Adds every day on which something can differ from the day before.
  void AddChangeDays(std::set<Day>& days) const;

 private:
  struct Contest;

  // What the other claims of the fact have to do with the time of one.
  struct Relations {
    std::vector<DayRange> successors;  // when those that end it begin
    std::vector<size_t> time_givers;   // of an undated claim
  };

  bool Compatible(size_t a, size_t b) const;
  bool IsDated(size_t witness) const;
  bool Ends(size_t later, size_t earlier) const;
  bool GivesTime(size_t dated, size_t undated) const;
  Relations RelationsOf(size_t witness) const;
  Stand DatedStandOn(size_t witness, Day day) const;
  Stand ObservationStandOn(size_t witness, Day day) const;
  bool AlwaysHolds(size_t witness) const;

  Contest Compete(Mode mode_class, Day day) const;
  bool DeniedByDate(size_t winner, Day day) const;
  bool DisputedOn(size_t winner, Day day) const;

  TimeKind kind_;
  std::optional<Duration> stale_after_;
  std::vector<Witness> witnesses_;
  std::vector<Meaning> meanings_;
  std::vector<size_t> narrowest_first_;
  std::vector<bool> compatible_;  // of each pair
  std::vector<Relations> relations_;
};

}  // namespace guanxi::test

#endif  // GUANXI_TESTS_SUPPORT_REFERENCE_FACT_H_
