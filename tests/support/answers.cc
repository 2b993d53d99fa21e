#include "tests/support/answers.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace guanxi::test {
namespace {

using nlohmann::json;

json DayToJson(Day day) {
  if (day == kBeginningOfTime || day == kEndOfTime) return nullptr;
  return ToString(day);
}

json DaysToJson(const DayRange& days) {
  return json::array({DayToJson(days.first), DayToJson(days.last)});
}

json MapToJson(const Map& map) {
  json object = json::object();
  for (const auto& [name, value] : map) object[name] = value.ToDisplay();
  return object;
}

std::vector<std::string> Flags(const ShownFact& fact) {
  std::vector<std::string> flags;
  if (fact.conflict) flags.emplace_back("conflict");
  if (fact.disputed) flags.emplace_back("disputed");
  if (fact.undated) flags.emplace_back("undated");
  return flags;
}

void AddStanding(const ShownFact& fact, json& object) {
  if (fact.holds != Holds::kYes)
    object["holds"] = std::string(ToString(fact.holds));
  if (const auto flags = Flags(fact); !flags.empty()) object["flags"] = flags;
  if (ModeClass(fact.mode) != Mode::kAsserted) {
    object["mode"] = std::string(ToString(fact.mode));
  }
  for (const Loser& loser : fact.losers) {
    object["losers"].push_back(
        {{"value", loser.value}, {"rule", std::string(ToString(loser.rule))}});
  }
}

json PropertyToJson(const ShownFact& fact) {
  json object = {{"prop", fact.name}, {"value", fact.value}};
  if (fact.time != ValidTime::Kind::kNone) {
    const bool period = fact.time == ValidTime::Kind::kDuring;
    object[period ? "period" : "day"] = DaysToJson(fact.days);
  } else if (fact.slice.has_value()) {
    object["slice"] = DaysToJson(*fact.slice);
  }
  json qualifiers = MapToJson(fact.keys);
  qualifiers.update(MapToJson(fact.qualifiers));
  if (!qualifiers.empty()) object["qualifiers"] = qualifiers;
  if (!fact.language.empty()) object["lang"] = fact.language;
  AddStanding(fact, object);
  return object;
}

// A resolved value of a relationship: its `undated` is not repeated where the
// relationship is flagged so, nor is its mode.
json ResolvedToJson(ShownFact fact, const ShownFact& existence) {
  if (existence.undated) fact.undated = false;
  fact.mode = Mode::kAsserted;
  json object = {{"value", fact.value}};
  AddStanding(fact, object);
  return object;
}

json RelationshipToJson(const RelationshipAnswer& answer) {
  json object = {
      {"type", answer.type}, {"from", answer.from}, {"to", answer.to}};
  if (!answer.keys.empty()) object["keys"] = MapToJson(answer.keys);
  if (!answer.name.empty()) object["name"] = answer.name;
  if (answer.existence.slice.has_value()) {
    object["slice"] = DaysToJson(*answer.existence.slice);
  }
  AddStanding(answer.existence, object);
  if (answer.date.has_value()) {
    object["date"] = ResolvedToJson(*answer.date, answer.existence);
  }
  for (const ShownFact& property : answer.properties) {
    json& slot = object["props"][property.name];
    json value = ResolvedToJson(property, answer.existence);
    // Values in different units or languages stand beside each other.
    if (slot.is_null()) {
      slot = std::move(value);
    } else {
      if (!slot.is_array()) slot = json::array({slot});
      slot.push_back(std::move(value));
    }
  }
  return object;
}

json LeftOutToJson(const LeftOut& left_out) {
  json object = json::object();
  const auto add = [&](const char* name, int64_t count) {
    if (count != 0) object[name] = count;
  };
  add("denied", left_out.denied);
  add("unrecorded", left_out.unrecorded);
  add("uncertain", left_out.uncertain);
  add("low_confidence", left_out.low_confidence);
  for (const auto& [mode, count] : left_out.modes) {
    if (count != 0) object["modes"][std::string(ToString(mode))] = count;
  }
  return object;
}

// A fact with its name, for sorting.
struct Named {
  const ShownFact* fact;
  std::string name;
};

// By name, then newest first, then slices oldest first.
bool StandsBefore(const Named& one, const Named& other) {
  const ShownFact& a = *one.fact;
  const ShownFact& b = *other.fact;
  if (a.kind != b.kind) return a.kind < b.kind;
  if (a.name != b.name) return a.name < b.name;
  if (a.days.first != b.days.first) return b.days.first < a.days.first;
  if (a.days.last != b.days.last) return b.days.last < a.days.last;
  if (one.name != other.name) return one.name < other.name;
  return a.slice < b.slice;
}

std::vector<Named> Sorted(const std::vector<ShownFact>& facts) {
  std::vector<Named> sorted;
  for (const ShownFact& fact : facts) sorted.push_back({&fact, fact.Name()});
  std::ranges::stable_sort(sorted, StandsBefore);
  return sorted;
}

std::string Line(absl::string_view side, const ShownFact& fact) {
  return absl::StrCat("  ", side, ": ", ToString(fact), "\n");
}

bool SameLosers(const ShownFact& a, const ShownFact& b) {
  return a.losers_vary || b.losers_vary || a.losers == b.losers;
}

bool Same(const ShownFact& a, const ShownFact& b) {
  return a.kind == b.kind && a.slice == b.slice && a.value == b.value &&
         a.qualifiers == b.qualifiers && a.claim == b.claim &&
         a.holds == b.holds && a.conflict == b.conflict &&
         a.disputed == b.disputed && a.undated == b.undated &&
         a.mode == b.mode && a.confidence == b.confidence && SameLosers(a, b);
}

std::string FactDifferences(const std::vector<ShownFact>& expected,
                            const std::vector<ShownFact>& actual) {
  const auto left = Sorted(expected);
  const auto right = Sorted(actual);
  std::string text;
  auto l = left.begin();
  auto r = right.begin();
  while (l != left.end() || r != right.end()) {
    if (r == right.end() || (l != left.end() && StandsBefore(*l, *r))) {
      absl::StrAppend(&text, Line("expected", *(l++)->fact));
    } else if (l == left.end() || StandsBefore(*r, *l)) {
      absl::StrAppend(&text, Line("but got ", *(r++)->fact));
    } else {
      if (!Same(*l->fact, *r->fact)) {
        absl::StrAppend(&text, Line("expected", *l->fact),
                        Line("but got ", *r->fact));
      }
      ++l;
      ++r;
    }
  }
  return text;
}

std::string SliceName(const RelationshipAnswer& answer) {
  const auto& slice = answer.existence.slice;
  return slice.has_value() ? absl::StrCat(" [", ToString(slice->first), ", ",
                                          ToString(slice->last), "]")
                           : "";
}

}  // namespace

std::string ShownFact::Name() const {
  std::string text = name;
  if (time != ValidTime::Kind::kNone) {
    absl::StrAppend(&text, time == ValidTime::Kind::kAt ? " at " : " during ",
                    ToString(days.first), "/", ToString(days.last));
  }
  if (!keys.empty()) absl::StrAppend(&text, " ", Value(keys).ToString());
  if (!unit.empty()) absl::StrAppend(&text, " unit ", unit);
  if (!language.empty()) absl::StrAppend(&text, " @", language);
  if (!element.empty()) absl::StrAppend(&text, " = ", element);
  return text;
}

std::string RelationshipAnswer::Name() const {
  return absl::StrCat("(", from, ")-[", name, ":", type, " ",
                      Value(keys).ToString(), "]->(", to, ")");
}

json ToJson(const EntityAnswer& answer) {
  json object = {{"in_view", answer.in_view}, {"key", answer.key}};
  if (!answer.members.empty()) object["members"] = answer.members;
  if (!answer.labels.empty()) object["labels"] = answer.labels;
  object["facts"] = json::array();
  for (const Named& named : Sorted(answer.facts)) {
    if (named.fact->kind != FactKind::kProperty) continue;
    object["facts"].push_back(PropertyToJson(*named.fact));
  }
  return object;
}

json ToJson(const RelationshipsAnswer& answer) {
  std::vector<json> relationships;
  for (const RelationshipAnswer& relationship : answer.relationships) {
    relationships.push_back(RelationshipToJson(relationship));
  }
  std::ranges::sort(relationships);
  json object = {{"relationships", relationships}};
  json left_out = LeftOutToJson(answer.left_out);
  if (answer.hidden != 0) left_out["hidden"] = answer.hidden;
  if (!left_out.empty()) {
    object["left_out"] = std::move(left_out);
  }
  return object;
}

json ToJson(const std::vector<ClaimAnswer>& claims) {
  std::vector<json> list;
  for (const ClaimAnswer& answer : claims) {
    const Claim& claim = answer.claim;
    json object = {{"since", answer.since}};
    if (answer.until.has_value()) object["until"] = *answer.until;
    if (!answer.value.empty()) object["value"] = answer.value;
    if (!claim.citation.source.empty()) {
      object["source"] = claim.citation.ToString();
    }
    if (const std::string when = claim.valid.ToString(); !when.empty()) {
      object["when"] = when;
    }
    if (claim.named) object["id"] = claim.id;
    if (claim.mode != Mode::kAsserted)
      object["mode"] = std::string(ToString(claim.mode));
    if (claim.rank != Rank::kNormal)
      object["rank"] = std::string(ToString(claim.rank));
    list.push_back(std::move(object));
  }
  std::ranges::sort(list);
  return {{"claims", list}};
}

json ToJson(const ClusterAnswer& answer) {
  json object = {{"canonical", answer.canonical}, {"members", answer.members}};
  for (const auto& [first, second] : answer.blocked_by) {
    object["blocked_by"].push_back({first, second});
  }
  return object;
}

json ToJson(const std::vector<Change>& changes) {
  constexpr const char* kKinds[] = {"added", "ended", "retracted", "corrected",
                                    "changed"};
  std::vector<json> list;
  for (const Change& change : changes) {
    json object = {{"change", kKinds[static_cast<size_t>(change.kind)]},
                   {"fact", change.fact}};
    if (!change.before.empty()) object["before"] = change.before;
    if (!change.after.empty()) object["after"] = change.after;
    list.push_back(std::move(object));
  }
  std::ranges::sort(list);
  return {{"changes", list}};
}

std::string ToString(const ShownFact& fact) {
  std::string text = fact.Name();
  if (fact.slice.has_value()) {
    absl::StrAppend(&text, " [", ToString(fact.slice->first), ", ",
                    ToString(fact.slice->last), "]");
  }
  absl::StrAppend(&text, ": ", fact.value, " ", ToString(fact.holds), " ",
                  ToString(fact.mode), " ", absl::StrJoin(Flags(fact), " "));
  if (!fact.qualifiers.empty()) {
    absl::StrAppend(&text, " ", Value(fact.qualifiers).ToString());
  }
  absl::StrAppend(&text, " conf ", fact.confidence, " by claim '", fact.claim,
                  "'");
  for (const Loser& loser : fact.losers) {
    absl::StrAppend(&text, ", beats ", loser.value, " by ",
                    ToString(loser.rule));
  }
  if (fact.losers_vary) absl::StrAppend(&text, ", beats others at times");
  return text;
}

std::string ToString(const LeftOut& left_out) {
  return LeftOutToJson(left_out).dump();
}

std::string Differences(const EntityAnswer& expected,
                        const EntityAnswer& actual) {
  std::string text = FactDifferences(expected.facts, actual.facts);
  if (expected.key != actual.key || expected.members != actual.members) {
    absl::StrAppend(&text, "  expected ", expected.key, " of ",
                    absl::StrJoin(expected.members, " "), "\n  but got  ",
                    actual.key, " of ", absl::StrJoin(actual.members, " "),
                    "\n");
  }
  if (expected.in_view != actual.in_view) {
    absl::StrAppend(&text, "  expected in_view = ", expected.in_view, "\n");
  }
  if (expected.labels != actual.labels) {
    absl::StrAppend(&text, "  expected labels ",
                    absl::StrJoin(expected.labels, " "), "\n  but got  labels ",
                    absl::StrJoin(actual.labels, " "), "\n");
  }
  return text;
}

std::string Differences(const RelationshipAnswer& expected,
                        const RelationshipAnswer& actual) {
  std::vector<ShownFact> left = expected.properties;
  std::vector<ShownFact> right = actual.properties;
  left.push_back(expected.existence);
  right.push_back(actual.existence);
  if (expected.date.has_value()) left.push_back(*expected.date);
  if (actual.date.has_value()) right.push_back(*actual.date);
  std::string text = FactDifferences(left, right);
  if (expected.denied != actual.denied) {
    absl::StrAppend(&text, "  expected denied = ", expected.denied, "\n");
  }
  if (text.empty()) return text;
  return absl::StrCat(" ", expected.Name(), SliceName(expected), "\n", text);
}

std::string Differences(const RelationshipsAnswer& expected,
                        const RelationshipsAnswer& actual) {
  std::map<std::string, const RelationshipAnswer*> left;
  std::map<std::string, const RelationshipAnswer*> right;
  for (const auto& one : expected.relationships) {
    left[one.Name() + SliceName(one)] = &one;
  }
  for (const auto& one : actual.relationships) {
    right[one.Name() + SliceName(one)] = &one;
  }
  std::string text;
  for (const auto& [name, one] : left) {
    const auto found = right.find(name);
    absl::StrAppend(&text, found == right.end()
                               ? absl::StrCat("  expected ", name, ": ",
                                              ToString(one->existence), "\n")
                               : Differences(*one, *found->second));
  }
  for (const auto& [name, one] : right) {
    if (left.contains(name)) continue;
    absl::StrAppend(&text, "  but got  ", name, ": ", ToString(one->existence),
                    "\n");
  }
  if (expected.relationships.size() == left.size() &&
      actual.relationships.size() != right.size()) {
    absl::StrAppend(&text, "  a relationship is listed twice\n");
  }
  if (expected.hidden != actual.hidden) {
    absl::StrAppend(&text, "  expected hidden ", expected.hidden,
                    "\n  but got  hidden ", actual.hidden, "\n");
  }
  const std::string left_out = ToString(expected.left_out);
  if (left_out != ToString(actual.left_out)) {
    absl::StrAppend(&text, "  expected left out ", left_out,
                    "\n  but got  left out ", ToString(actual.left_out), "\n");
  }
  return text;
}

}  // namespace guanxi::test
