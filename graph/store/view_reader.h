#ifndef GUANXI_GRAPH_STORE_VIEW_READER_H_
#define GUANXI_GRAPH_STORE_VIEW_READER_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "graph/model/view.h"
#include "graph/store/evidence.h"
#include "graph/store/fold.h"
#include "graph/store/lens.h"
#include "graph/store/record.h"
#include "graph/store/showing.h"
#include "graph/store/standpoint.h"

namespace guanxi::store {

// Turns what is stored of an entity into what a lens shows of it.
class EntityReader {
 public:
  EntityReader(const Standpoint& at, const Lens& lens, Evidence evidence)
      : at_(at), lens_(lens), evidence_(evidence) {}

  // Evidence needs all facts of `stored`; else its record will do, if it has
  // one. `property`: only this one; empty: all. `in_view` says whether one of
  // the entity's own facts is shown.
  absl::StatusOr<EntityView> Read(const StoredEntity& stored,
                                  absl::string_view property) const;

  // What it is called and its labels.
  absl::StatusOr<EntitySummary> Summarise(const StoredEntity& stored) const;

  absl::StatusOr<std::vector<FactClaims>> ReadClaims(
      const StoredEntity& stored, absl::string_view property) const;

 private:
  absl::Status ShowWithClaims(const StoredEntity& stored, TakeShown take) const;
  void Add(PropertyView&& shown, absl::string_view property,
           EntityView& view) const;

  Standpoint at_;
  Lens lens_;
  Evidence evidence_;
};

// Turns what is stored of a relationship into what a lens shows of it.
class RelationshipReader {
 public:
  RelationshipReader(const Standpoint& at, const Lens& lens, Evidence evidence)
      : at_(at), lens_(lens), evidence_(evidence) {}

  // By the facts of `stored`.
  absl::StatusOr<std::vector<RelationshipView>> Read(
      const StoredRelationship& stored);

  // By facts of its record, which it must have; without claims.
  absl::StatusOr<std::vector<RelationshipView>> ReadPortion(
      StoredRelationship stored, const Portion& portion);

  absl::StatusOr<std::vector<FactClaims>> ReadClaims(
      const StoredRelationship& stored);

 private:
  // What is shown on one stretch of days: the slices of existence and, in the
  // same mode class, of each other fact.
  struct State {
    DayRange days;
    const Slice* existence = nullptr;
    std::vector<const Slice*> others;  // one for each fact; nullptr: not shown
  };

  State StateOn(Day day) const;
  std::vector<State> States() const;
  bool Hides(const State& state) const;
  absl::StatusOr<std::optional<RelationshipView>> ReadAround(
      const StoredRelationship& stored, const Portion& portion) const;
  absl::StatusOr<std::optional<RelationshipView>> ShowAround(
      Day day, std::vector<SoleFact>& facts) const;
  absl::StatusOr<RelationshipView> ViewOf(const State& state,
                                          OwnerEvidence& claims,
                                          RelationshipView view) const;

  Standpoint at_;
  Lens lens_;
  Evidence evidence_;
  absl::Span<const RecordFact> facts_;  // of what is being read
};

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_VIEW_READER_H_
