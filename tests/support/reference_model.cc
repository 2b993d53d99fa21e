#include "tests/support/reference_model.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace guanxi::test {
namespace {

constexpr Mode kAffirmativeClasses[] = {Mode::kAsserted, Mode::kExpected,
                                        Mode::kPlanned,  Mode::kInferred,
                                        Mode::kOpinion,  Mode::kSuggested};

bool IsAffirmative(const Claim& claim) { return claim.mode != Mode::kNegated; }

std::string WordIn(const Map& description, absl::string_view name) {
  const auto found = description.find(name);
  if (found == description.end()) return "";
  const auto* text = found->second.get_if<Text>();
  return text == nullptr ? "" : text->text;
}

std::vector<std::string> WordsIn(const Map& description,
                                 absl::string_view name) {
  const auto found = description.find(name);
  if (found == description.end()) return {};
  std::vector<std::string> words;
  const auto* list = found->second.get_if<List>();
  for (const Value& value : list ? *list : List{found->second}) {
    if (const auto* text = value.get_if<Text>()) words.push_back(text->text);
  }
  return words;
}

std::optional<DayRange> PublishedIn(const Map& description) {
  const auto found = description.find("published");
  if (found == description.end()) return std::nullopt;
  const Value& value = found->second;
  if (const auto* date = value.get_if<Date>()) return date->days();
  if (const auto* time = value.get_if<DateTime>()) {
    return DayRange{.first = time->day(), .last = time->day()};
  }
  const auto* year = value.get_if<int64_t>();
  if (year == nullptr || *year < 1 || *year > 9999) return std::nullopt;
  return Date::FromYear(static_cast<int>(*year)).days();
}

// Follows `derived_from` of sources; those that are not declared derive from
// nothing.
class Lineage {
 public:
  explicit Lineage(const std::map<std::string, Map>& sources)
      : sources_(sources) {}

  // Sources without a further origin, and of each circle that nothing leads out
  // of the smallest source on it.
  std::set<std::string> RootsOf(const std::string& source) const {
    std::set<std::string> all = Behind(source);
    all.insert(source);
    std::set<std::string> roots;
    for (const std::string& one : all) {
      if (OriginsOf(one).empty()) roots.insert(one);
      const std::set<std::string> circle = Behind(one);
      bool closed = circle.contains(one);
      for (const std::string& other : circle) {
        closed = closed && Behind(other) == circle;
      }
      if (closed) roots.insert(*circle.begin());
    }
    return roots;
  }

  int TierOf(const std::string& root) const {
    const auto found = sources_.find(root);
    if (found == sources_.end()) return 2;
    const std::string word = WordIn(found->second, "reliability");
    if (word == "primary") return 0;
    return word == "secondary" ? 1 : 2;
  }

 private:
  std::vector<std::string> OriginsOf(const std::string& source) const {
    const auto found = sources_.find(source);
    if (found == sources_.end()) return {};
    return WordsIn(found->second, "derived_from");
  }

  // Everything that `source` derives from, at any remove.
  std::set<std::string> Behind(const std::string& source) const {
    std::set<std::string> met;
    std::vector<std::string> queue = OriginsOf(source);
    while (!queue.empty()) {
      const std::string one = queue.back();
      queue.pop_back();
      if (!met.insert(one).second) continue;
      for (const std::string& origin : OriginsOf(one)) queue.push_back(origin);
    }
    return met;
  }

  const std::map<std::string, Map>& sources_;
};

RelationshipAnswer NameOf(const LedgerRelationship& relationship) {
  return {.type = relationship.type,
          .from = relationship.from,
          .to = relationship.to,
          .keys = relationship.keys,
          .name = relationship.name};
}

std::vector<DayRange> SegmentsOf(std::set<Day> days) {
  days.insert(kBeginningOfTime);
  std::vector<DayRange> segments;
  for (auto at = days.begin(); at != days.end(); ++at) {
    const auto next = std::next(at);
    segments.push_back({*at, next == days.end() ? kEndOfTime : Before(*next)});
  }
  return segments;
}

std::vector<Loser> LosersOf(const ReferenceFact& fact, const Judged& judged) {
  std::vector<Loser> losers;
  for (const Beaten& beaten : judged.losers) {
    const auto& value = fact.witnesses()[beaten.witness].value;
    losers.push_back({value.value_or(Value()).ToDisplay(), beaten.rule});
  }
  std::ranges::sort(losers);
  return losers;
}

bool SameLosers(const Judged& a, const Judged& b) {
  const auto set = [](const Judged& judged) {
    std::set<std::pair<size_t, LossRule>> all;
    for (const Beaten& one : judged.losers) all.insert({one.witness, one.rule});
    return all;
  };
  return set(a) == set(b);
}

// What a fact shows, in which mode class.
struct Choice {
  Mode mode_class = Mode::kAsserted;
  Judged judged;
  bool losers_vary = false;  // in the slice that begins with it
  friend bool operator==(const Choice& a, const Choice& b) {
    return a.mode_class == b.mode_class && a.judged == b.judged;
  }
};

void Render(const ReferenceFact& fact, const Choice& choice, ShownFact& shown) {
  const Judged& judged = choice.judged;
  const Witness& winner = fact.witnesses()[judged.winner];
  const Claim& claim = *winner.claim;
  if (winner.value.has_value()) shown.value = winner.value->ToDisplay();
  shown.qualifiers = claim.qualifiers;
  shown.claim = claim.id;
  shown.holds = judged.holds;
  shown.conflict = judged.conflict;
  shown.disputed = judged.disputed;
  shown.undated = judged.undated;
  shown.mode = claim.mode;
  shown.confidence =
      claim.confidence.has_value() ? claim.confidence->ToDouble() : 1;
  shown.losers = LosersOf(fact, judged);
  shown.losers_vary = choice.losers_vary;
}

// Asserted and reported claims first; another mode only if the lens admits it
// and none of them holds.
std::optional<Choice> Choose(const ReferenceFact& fact, const ModeSet& modes,
                             Day day) {
  for (const Mode mode_class : kAffirmativeClasses) {
    if (!modes.Contains(mode_class)) continue;
    if (const auto judged = fact.JudgeOn(mode_class, day)) {
      return Choice{.mode_class = mode_class, .judged = *judged};
    }
  }
  return std::nullopt;
}

bool Hides(const Lens& lens, const Judged& judged) {
  return lens.certain && judged.holds == Holds::kMaybe;
}

// Why a relationship is not shown, the weightier reason first.
enum class Absence : uint8_t {
  kShown,
  kLowConfidence,
  kUncertain,
  kOtherMode,
  kUnrecorded,
  kDenied,
  kNone,
};

void Count(Absence absence, Mode mode, LeftOut& left_out) {
  switch (absence) {
    case Absence::kUncertain:
      ++left_out.uncertain;
      break;
    case Absence::kLowConfidence:
      ++left_out.low_confidence;
      break;
    case Absence::kOtherMode:
      ++left_out.modes[mode];
      break;
    case Absence::kUnrecorded:
      ++left_out.unrecorded;
      break;
    case Absence::kDenied:
      ++left_out.denied;
      break;
    case Absence::kShown:
    case Absence::kNone:
      break;
  }
}

// Remembers in `first`, which begins a slice, whether others lose against what
// `later` shows in the same slice.
void CompareLosers(const std::optional<Choice>& later,
                   std::optional<Choice>& first) {
  if (!first.has_value() || !later.has_value()) return;
  if (!SameLosers(first->judged, later->judged)) first->losers_vary = true;
}

// Days, and what is shown through them.
template <typename T>
using Slice = std::pair<DayRange, T>;

// The slice that goes on with `shown` on the days of the next segment: the last
// one, if it shows the same, or a new one.
template <typename T>
Slice<T>& Continue(const DayRange& segment, const T& shown,
                   std::vector<Slice<T>>& slices) {
  if (!slices.empty() && After(slices.back().first.last) == segment.first &&
      slices.back().second == shown) {
    slices.back().first.last = segment.last;
  } else {
    slices.push_back({segment, shown});
  }
  return slices.back();
}

}  // namespace

// A relationship taken apart into what is resolved by itself.
struct ReferenceModel::Parts {
  struct Property {
    std::string name;
    std::string unit;
    std::string language;
    ReferenceFact fact;
  };

  ReferenceFact existence;
  std::optional<ReferenceFact> date;  // of an event
  std::vector<Property> properties;
  bool affirmed = false;  // by some claim that is not deprecated
};

// What a relationship shows on a day, and if it does not, why.
struct ReferenceModel::Sight {
  Absence absence = Absence::kNone;
  Mode other_mode = Mode::kAsserted;  // kOtherMode only
  // Of the existence, the date and each property.
  std::vector<std::optional<Choice>> choices;
  friend bool operator==(const Sight& a, const Sight& b) {
    return a.choices == b.choices;
  }
};

struct ReferenceModel::Cached {
  uint64_t version = 0;
  uint64_t epoch = 0;
  std::deque<Claim> claims;  // that the rest points to
  std::optional<ReferenceFact> fact;
  std::optional<Parts> parts;
};

// A relationship as a cluster shows it: under canonical keys, from all that
// have equal ones.
struct ReferenceModel::Folded {
  RelationshipAnswer name;
  Holders holders;
};

ReferenceModel::ReferenceModel(const ReferenceLedger& ledger,
                               std::optional<uint64_t> revision)
    : ledger_(ledger), revision_(revision) {
  if (revision.has_value()) past_sources_ = ledger.SourcesAt(*revision);
}
ReferenceModel::~ReferenceModel() = default;

bool ReferenceModel::IsBelieved(const Holder& holder) const {
  if (!revision_.has_value()) return !holder.believed.empty();
  return ReferenceLedger::IsBelievedAt(holder, *revision_);
}

// ---- claims as witnesses ----------------------------------------------------

const Weight& ReferenceModel::WeightOf(const std::string& source) const {
  if (weights_epoch_ != ledger_.epoch()) weights_.clear();
  weights_epoch_ = ledger_.epoch();
  const auto [at, added] = weights_.try_emplace(source);
  Weight& weight = at->second;
  if (!added || source.empty()) return weight;
  const auto& sources = revision_ ? past_sources_ : ledger_.sources();
  const Lineage lineage(sources);
  weight.roots = lineage.RootsOf(source);
  for (const std::string& root : weight.roots) {
    weight.tier = std::min(weight.tier, lineage.TierOf(root));
  }
  const auto found = sources.find(source);
  if (found != sources.end()) {
    weight.published = PublishedIn(found->second);
  }
  return weight;
}

// Of implicit claims of several holders the latest has replaced the others.
std::vector<Witness> ReferenceModel::WitnessesOf(
    const Holders& holders, std::deque<Claim>& claims) const {
  std::vector<Belief> beliefs;
  const Belief* latest_implicit = nullptr;
  for (const Holder* holder : holders) {
    std::ranges::move(ReferenceLedger::BeliefsAt(*holder, revision()),
                      std::back_inserter(beliefs));
  }
  for (const Belief& belief : beliefs) {
    if (!belief.claim.implicit) continue;
    if (latest_implicit == nullptr || belief.since > latest_implicit->since) {
      latest_implicit = &belief;
    }
  }
  std::vector<Witness> witnesses;
  for (const Belief& belief : beliefs) {
    if (belief.claim.implicit && &belief != latest_implicit) continue;
    claims.push_back(belief.claim);
    witnesses.push_back({.claim = &claims.back(),
                         .weight = WeightOf(belief.claim.citation.source)});
  }
  return witnesses;
}

void ReferenceModel::Judge(const Holders& holders, Cached& cached) const {
  std::vector<Witness> witnesses = WitnessesOf(holders, cached.claims);
  if (ledger_.judgements().contains(holders.front()->id)) {
    cached.fact.emplace(TimeKind::kState, std::nullopt, std::move(witnesses));
    return;
  }
  const auto& fact = static_cast<const EntityFact&>(*holders.front());
  TimeKind kind = TimeKind::kState;
  std::optional<Duration> stale_after;
  if (fact.kind == FactKind::kProperty) {
    for (Witness& witness : witnesses) witness.value = witness.claim->value;
    if (const auto* declared = ledger_.schema().FindProperty(fact.name)) {
      kind = declared->kind;
      stale_after = declared->stale_after;
    }
  }
  cached.fact.emplace(kind, stale_after, std::move(witnesses));
}

void ReferenceModel::Dissect(const Holders& holders, Cached& cached) const {
  const auto& relationship =
      static_cast<const LedgerRelationship&>(*holders.front());
  const auto* declared = ledger_.schema().FindRelationship(relationship.type);
  const TimeKind kind = declared ? declared->kind : TimeKind::kState;
  const auto stale_after = declared ? declared->stale_after : std::nullopt;
  std::vector<Witness> existence = WitnessesOf(holders, cached.claims);
  std::vector<Witness> dates;
  std::map<std::tuple<std::string, std::string, std::string>,
           std::vector<Witness>>
      properties;
  bool affirmed = false;
  for (Witness& witness : existence) {
    const Claim& claim = *witness.claim;
    affirmed =
        affirmed || (IsAffirmative(claim) && claim.rank != Rank::kDeprecated);
    witness.speaks_of_parts = !claim.properties.empty();
    if (claim.valid.when.has_value()) {
      Witness dated = witness;
      dated.speaks_of_parts = false;
      const When& when = *claim.valid.when;
      dated.value =
          when.is_date() ? Value(std::get<Date>(when.start())) : Value(when);
      dates.push_back(std::move(dated));
    }
    for (const auto& [name, value] : claim.properties) {
      const auto* quantity = value.get_if<Quantity>();
      const auto* text = value.get_if<Text>();
      Witness stating = {
          .claim = &claim, .value = value, .weight = witness.weight};
      properties[{name, quantity ? quantity->unit() : "",
                  text ? text->language : ""}]
          .push_back(std::move(stating));
    }
  }
  Parts parts = {
      .existence = ReferenceFact(kind, stale_after, std::move(existence)),
      .affirmed = affirmed};
  if (kind == TimeKind::kEvent) {
    parts.date.emplace(kind, stale_after, std::move(dates));
  }
  for (auto& [key, witnesses] : properties) {
    const auto& [name, unit, language] = key;
    parts.properties.push_back(
        {name, unit, language,
         ReferenceFact(kind, stale_after, std::move(witnesses))});
  }
  cached.parts = std::move(parts);
}

ReferenceModel::Cached& ReferenceModel::CacheOf(const Holders& holders) const {
  uint64_t version = 0;  // grows with each of theirs
  for (const Holder* holder : holders) version += holder->version;
  std::unique_ptr<Cached>& cached = cache_[holders];
  if (cached == nullptr || cached->version != version ||
      cached->epoch != ledger_.epoch()) {
    cached = std::make_unique<Cached>();
    cached->version = version;
    cached->epoch = ledger_.epoch();
  }
  return *cached;
}

const ReferenceFact& ReferenceModel::FactOf(const Holders& holders) const {
  Cached& cached = CacheOf(holders);
  if (!cached.fact.has_value()) Judge(holders, cached);
  return *cached.fact;
}

const ReferenceModel::Parts& ReferenceModel::PartsOf(
    const Holders& holders) const {
  Cached& cached = CacheOf(holders);
  if (!cached.parts.has_value()) Dissect(holders, cached);
  return *cached.parts;
}

// ---- identity ---------------------------------------------------------------

// Whether an asserted or reported claim of a fact without a value holds: on the
// day, or on any. What a lens admits or hides does not matter.
bool ReferenceModel::ShowsOn(const Holders& holders,
                             const std::optional<Day>& day) const {
  const ReferenceFact& fact = FactOf(holders);
  if (day.has_value()) return fact.JudgeOn(Mode::kAsserted, *day).has_value();
  std::set<Day> days;
  fact.AddChangeDays(days);
  return std::ranges::any_of(SegmentsOf(days), [&](const DayRange& segment) {
    return fact.JudgeOn(Mode::kAsserted, segment.first).has_value();
  });
}

bool ReferenceModel::IsPinned(const std::string& key,
                              const std::optional<Day>& day) const {
  for (const EntityFact* fact : FactsAbout(key, "canonical")) {
    for (const ShownFact& shown : Show({fact}, {.valid_at = day})) {
      if (shown.value == "true") return true;
    }
  }
  return false;
}

ReferenceIdentity ReferenceModel::IdentityFor(
    const std::optional<Day>& day) const {
  std::set<EntityPair> same;
  std::set<EntityPair> different;
  std::set<std::string> pinned;
  for (const auto& [id, judgement] : ledger_.judgements()) {
    if (judgement.judgement == Judgement::kUnsure) continue;
    if (!IsBelieved(judgement) || !ShowsOn({&judgement}, day)) continue;
    const EntityPair pair = {judgement.first, judgement.second};
    (judgement.judgement == Judgement::kSame ? same : different).insert(pair);
  }
  for (const auto& [a, b] : same) {
    if (IsPinned(a, day)) pinned.insert(a);
    if (IsPinned(b, day)) pinned.insert(b);
  }
  return {std::move(same), std::move(different), std::move(pinned)};
}

ClusterAnswer ReferenceModel::Cluster(const std::string& key,
                                      const Lens& lens) const {
  return IdentityFor(lens.valid_at).ClusterOf(key);
}

// ---- entities ---------------------------------------------------------------

// Of the entity itself, without those that are one with it.
std::vector<const EntityFact*> ReferenceModel::FactsAbout(
    const std::string& key, const std::string& property) const {
  std::vector<const EntityFact*> facts;
  for (const auto& [id, fact] : ledger_.FactsOf(key)) {
    if (!IsBelieved(fact)) continue;
    if (property.empty() || fact.name == property) facts.push_back(&fact);
  }
  return facts;
}

std::vector<ShownFact> ReferenceModel::Show(const Holders& holders,
                                            const Lens& lens) const {
  const auto& fact = static_cast<const EntityFact&>(*holders.front());
  const ReferenceFact& judging = FactOf(holders);
  ShownFact shown = {.kind = fact.kind,
                     .name = fact.name,
                     .time = fact.time,
                     .days = fact.days,
                     .keys = fact.keys,
                     .unit = fact.unit,
                     .language = fact.language};
  if (fact.element.has_value()) shown.element = fact.element->ToString();
  if (lens.valid_at.has_value()) {
    const auto choice = Choose(judging, lens.modes, *lens.valid_at);
    if (!choice.has_value() || Hides(lens, choice->judged)) return {};
    Render(judging, *choice, shown);
    return {shown};
  }

  std::set<Day> days;
  judging.AddChangeDays(days);
  std::vector<Slice<std::optional<Choice>>> slices;
  for (const DayRange& segment : SegmentsOf(std::move(days))) {
    const auto choice = Choose(judging, lens.modes, segment.first);
    if (!choice.has_value() || Hides(lens, choice->judged)) continue;
    CompareLosers(choice, Continue(segment, choice, slices).second);
  }
  std::vector<ShownFact> all;
  for (const auto& [slice, choice] : slices) {
    shown.slice = slice;
    Render(judging, *choice, shown);
    all.push_back(shown);
  }
  return all;
}

EntityAnswer ReferenceModel::Entity(const std::string& key, const Lens& lens,
                                    const std::string& property) const {
  const ClusterAnswer cluster = Cluster(key, lens);
  EntityAnswer answer = {.key = cluster.canonical};
  if (cluster.members.size() > 1) answer.members = cluster.members;
  std::map<std::string, Holders> folded;  // by fact key, the entity apart
  for (const std::string& member : cluster.members) {
    for (const EntityFact* fact : FactsAbout(member, "")) {
      folded[fact->id.substr(member.size())].push_back(fact);
    }
  }
  std::set<std::string> labels;
  for (const auto& [name, holders] : folded) {
    const auto& fact = static_cast<const EntityFact&>(*holders.front());
    std::vector<ShownFact> shown = Show(holders, lens);
    if (shown.empty()) continue;
    answer.in_view = true;
    if (fact.kind == FactKind::kExistence) continue;
    if (fact.kind == FactKind::kLabel) {
      const auto all = ledger_.schema().WithAncestors(fact.name);
      labels.insert(all.begin(), all.end());
    } else if (!property.empty() && fact.name != property) {
      continue;
    }
    std::ranges::move(shown, std::back_inserter(answer.facts));
  }
  answer.labels.assign(labels.begin(), labels.end());
  if (!answer.in_view) {
    const RelationshipsAnswer touching = Relationships(key, lens);
    answer.in_view = !touching.relationships.empty() || touching.hidden > 0;
  }
  return answer;
}

// ---- relationships ----------------------------------------------------------

std::vector<DayRange> ReferenceModel::SegmentsFor(const Parts& parts,
                                                  const Lens& lens) {
  if (lens.valid_at.has_value()) return {{*lens.valid_at, *lens.valid_at}};
  std::set<Day> days;
  parts.existence.AddChangeDays(days);  // its claims are all there are
  return SegmentsOf(std::move(days));
}

// Of a relationship that does not hold in an admitted mode.
void ReferenceModel::SayWhyNot(const Parts& parts, Day day, Sight& sight) {
  for (const Mode mode_class : kAffirmativeClasses) {
    if (parts.existence.JudgeOn(mode_class, day).has_value()) {
      sight.absence = Absence::kOtherMode;
      sight.other_mode = mode_class;
      return;
    }
  }
  for (const Mode mode_class : kAffirmativeClasses) {
    if (parts.existence.UnrecordedOn(mode_class, day)) {
      sight.absence = Absence::kUnrecorded;
      return;
    }
  }
  if (!parts.affirmed &&
      parts.existence.JudgeOn(Mode::kNegated, day).has_value()) {
    sight.absence = Absence::kDenied;
  }
}

ReferenceModel::Sight ReferenceModel::See(const Parts& parts, const Lens& lens,
                                          Day day) {
  Sight sight;
  const auto existence = Choose(parts.existence, lens.modes, day);
  if (existence.has_value()) {
    const Claim& claim =
        *parts.existence.witnesses()[existence->judged.winner].claim;
    const double confidence =
        claim.confidence.has_value() ? claim.confidence->ToDouble() : 1;
    if (Hides(lens, existence->judged)) {
      sight.absence = Absence::kUncertain;
      return sight;
    }
    if (confidence < lens.min_confidence) {
      sight.absence = Absence::kLowConfidence;
      return sight;
    }
    sight.absence = Absence::kShown;
    sight.choices.push_back(existence);
    const auto add = [&](const ReferenceFact& fact) {
      const auto judged = fact.JudgeOn(existence->mode_class, day);
      if (!judged.has_value() || Hides(lens, *judged)) {
        sight.choices.push_back(std::nullopt);
      } else {
        sight.choices.push_back(
            Choice{.mode_class = existence->mode_class, .judged = *judged});
      }
    };
    if (parts.date.has_value()) add(*parts.date);
    for (const Parts::Property& property : parts.properties) {
      add(property.fact);
    }
    return sight;
  }
  SayWhyNot(parts, day, sight);
  return sight;
}

RelationshipAnswer ReferenceModel::Describe(const Folded& folded,
                                            const Sight& sight) const {
  const Parts& parts = PartsOf(folded.holders);
  RelationshipAnswer answer = folded.name;
  auto choice = sight.choices.begin();
  Render(parts.existence, **choice++, answer.existence);
  if (parts.date.has_value()) {
    if (choice->has_value()) {
      answer.date = {.kind = FactKind::kDate};
      Render(*parts.date, **choice, *answer.date);
    }
    ++choice;
  }
  for (const Parts::Property& property : parts.properties) {
    if (choice->has_value()) {
      ShownFact shown = {.kind = FactKind::kProperty,
                         .name = property.name,
                         .unit = property.unit,
                         .language = property.language};
      Render(property.fact, **choice, shown);
      answer.properties.push_back(std::move(shown));
    }
    ++choice;
  }
  return answer;
}

std::vector<RelationshipAnswer> ReferenceModel::Relationship(
    const std::string& id, const Lens& lens, LeftOut* left_out) const {
  const LedgerRelationship& relationship = ledger_.GetRelationship(id);
  return Relationship({NameOf(relationship), {&relationship}}, lens, left_out);
}

std::vector<RelationshipAnswer> ReferenceModel::Relationship(
    const Folded& folded, const Lens& lens, LeftOut* left_out) const {
  const Parts& parts = PartsOf(folded.holders);
  std::vector<Slice<Sight>> slices;
  Absence absence = Absence::kNone;
  Mode other_mode = Mode::kNegated;
  for (const DayRange& segment : SegmentsFor(parts, lens)) {
    const Sight sight = See(parts, lens, segment.first);
    absence = std::min(absence, sight.absence);
    if (sight.absence == Absence::kOtherMode) {
      other_mode = std::min(other_mode, sight.other_mode);
    }
    if (sight.absence != Absence::kShown) continue;
    Sight& first = Continue(segment, sight, slices).second;
    for (size_t i = 0; i < sight.choices.size(); ++i) {
      CompareLosers(sight.choices[i], first.choices[i]);
    }
  }
  if (left_out != nullptr) Count(absence, other_mode, *left_out);

  std::vector<RelationshipAnswer> answers;
  for (const auto& [slice, sight] : slices) {
    answers.push_back(Describe(folded, sight));
    if (!lens.valid_at.has_value()) answers.back().existence.slice = slice;
  }
  return answers;
}

std::vector<RelationshipAnswer> ReferenceModel::Denial(const std::string& id,
                                                       const Lens& lens) const {
  const LedgerRelationship& relationship = ledger_.GetRelationship(id);
  const Parts& parts = PartsOf({&relationship});
  if (parts.affirmed) return {};
  std::vector<Slice<Holds>> slices;
  for (const DayRange& segment : SegmentsFor(parts, lens)) {
    const auto judged = parts.existence.JudgeOn(Mode::kNegated, segment.first);
    if (judged.has_value()) Continue(segment, judged->holds, slices);
  }
  std::vector<RelationshipAnswer> answers;
  for (const auto& [slice, holds] : slices) {
    RelationshipAnswer answer = NameOf(relationship);
    answer.denied = true;
    answer.existence.mode = Mode::kNegated;
    answer.existence.holds = holds;
    if (!lens.valid_at.has_value()) answer.existence.slice = slice;
    answers.push_back(std::move(answer));
  }
  return answers;
}

RelationshipsAnswer ReferenceModel::Relationships(
    const std::string& key, const Lens& lens, const std::string& type) const {
  const ReferenceIdentity identity = IdentityFor(lens.valid_at);
  const ClusterAnswer cluster = identity.ClusterOf(key);
  RelationshipsAnswer answer;
  std::set<std::string> ids;
  for (const std::string& member : cluster.members) {
    ids.merge(ledger_.EverRelated(member));
  }
  std::map<std::string, Folded> folded;  // by fact key
  std::map<std::string, Folded> inside;  // likewise
  for (const std::string& id : ids) {
    const LedgerRelationship& one = ledger_.GetRelationship(id);
    if (!IsBelieved(one) || (!type.empty() && one.type != type)) continue;
    RelationshipAnswer name = NameOf(one);
    name.from = identity.CanonicalOf(one.from);
    name.to = identity.CanonicalOf(one.to);
    const bool is_inside = cluster.members.size() > 1 && name.from == name.to;
    const auto* declared = ledger_.schema().FindRelationship(one.type);
    if (declared != nullptr && declared->symmetric && name.to < name.from) {
      std::swap(name.from, name.to);
    }
    Folded& all = (is_inside ? inside : folded)[name.Name()];
    all.name = name;
    all.holders.push_back(&one);
  }
  for (const auto& [name, one] : inside) {
    if (!Relationship(one, lens, nullptr).empty()) ++answer.hidden;
  }
  for (const auto& [name, one] : folded) {
    std::ranges::move(Relationship(one, lens, &answer.left_out),
                      std::back_inserter(answer.relationships));
  }
  return answer;
}

// ---- claims -----------------------------------------------------------------

std::vector<ClaimAnswer> ReferenceModel::Claims(
    const std::string& key, const std::string& property) const {
  std::vector<ClaimAnswer> answers = History(key, property);
  std::erase_if(answers, [](const ClaimAnswer& answer) {
    return answer.until.has_value();
  });
  return answers;
}

std::vector<ClaimAnswer> ReferenceModel::History(
    const std::string& key, const std::string& property) const {
  std::vector<ClaimAnswer> answers;
  for (const std::string& member : Cluster(key, {}).members) {
    for (const auto& [id, fact] : ledger_.FactsOf(member)) {
      if (!property.empty() && fact.name != property) continue;
      for (const Belief& belief : ReferenceLedger::AllBeliefs(fact)) {
        if (belief.since > revision()) continue;
        const Value& value = belief.claim.value;
        answers.push_back({.value = value.is_null() ? "" : value.ToDisplay(),
                           .claim = belief.claim,
                           .since = belief.since});
        if (belief.until <= revision()) answers.back().until = belief.until;
      }
    }
  }
  std::ranges::stable_sort(answers, {}, &ClaimAnswer::since);
  return answers;
}

}  // namespace guanxi::test
