#include "client/cli/options.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include <CLI/CLI.hpp>
#include <google/protobuf/util/time_util.h>

#include "client/cli/condition.h"

namespace guanxi::cli {
void AddReadOptions(CLI::App& command, ReadArgs& args) {
  command
      .add_option("--modes", args.modes,
                  "Modes to admit beside asserted and reported")
      ->check(CLI::IsMember(
          {"expected", "planned", "inferred", "opinion", "suggested"}))
      ->delimiter(',');
  command.add_flag("--certain", args.certain,
                   "Hide what holds only maybe on the day");
}

void AddTraversalOptions(CLI::App& command, TraversalArgs& args) {
  AddReadOptions(command, args.read);
  command
      .add_option("--direction", args.direction, "out, in or both (default)")
      ->check(CLI::IsMember({"out", "in", "both"}));
  command
      .add_option("--types", args.types,
                  "Follow only relationships of these types")
      ->delimiter(',');
  command
      .add_option("--labels", args.labels,
                  "Visit only entities with one of these labels")
      ->delimiter(',');
  AddConditions(command, "--where",
                "Visit only entities of which this holds, as in: "
                "'founded>=2016'; may be repeated",
                args.conditions);
  AddConditions(command, "--where-relationship",
                "Follow only relationships of which this holds, as in: "
                "'percent>=25%'; may be repeated",
                args.relationship_conditions);
  command
      .add_option("--exclude", args.exclude,
                  "Keys or unique names of entities not to visit")
      ->delimiter(',');
  command
      .add_option("--exclude-types", args.exclude_types,
                  "Do not follow relationships of these types")
      ->delimiter(',');
  command.add_option("--min-confidence", args.min_confidence,
                     "Pass over relationships held with less, 0 to 1");
  command.add_option("--max-entities", args.max_entities,
                     "Visit so many entities at most");
  command.add_option("--max-relationships", args.max_relationships,
                     "Look at so many relationships at most");
  command.add_option("--limit,--max-results", args.max_results,
                     "Answer with so many relationships, or paths, at most");
  command.add_option("--resume", args.resume,
                     "Go on with an answer that was not complete, by the token "
                     "it gave; all else as it was");
}

bool ReadKnownAt(const std::string& text, v1::Moment& moment) {
  if (text.empty()) return true;
  uint64_t revision = 0;
  if (absl::SimpleAtoi(text, &revision)) {
    moment.set_revision(revision);
    return true;
  }
  constexpr size_t kDayBytes = 10;  // as in 2025-09-04
  const std::string instant =
      text.size() == kDayBytes ? absl::StrCat(text, "T23:59:59.999999Z") : text;
  return google::protobuf::util::TimeUtil::FromString(instant,
                                                      moment.mutable_time());
}

std::string CheckKnownAt(const std::string& text) {
  v1::Moment moment;
  if (ReadKnownAt(text, moment)) return "";
  return absl::StrCat("found '", text,
                      "'; expected a revision, as in 7, a day, as in "
                      "2025-09-04, or an instant, as in 2025-09-04T12:00:00Z");
}

v1::ReadOptions ToProto(const ReadArgs& args, Session& session) {
  v1::ReadOptions options;
  options.mutable_moment()->set_valid_at(session.options().valid_at);
  ReadKnownAt(session.options().known_at, *options.mutable_moment());
  for (const std::string& name : args.modes) {
    v1::Mode mode = v1::MODE_UNSPECIFIED;
    v1::Mode_Parse(absl::StrCat("MODE_", absl::AsciiStrToUpper(name)), &mode);
    options.add_modes(mode);
  }
  options.set_certain(args.certain);
  return options;
}

v1::TraversalOptions ToProto(const TraversalArgs& args) {
  v1::TraversalOptions options;
  v1::Direction direction = v1::DIRECTION_UNSPECIFIED;
  v1::Direction_Parse(
      absl::StrCat("DIRECTION_", absl::AsciiStrToUpper(args.direction)),
      &direction);
  options.set_direction(direction);
  options.mutable_types()->Assign(args.types.begin(), args.types.end());
  options.mutable_labels()->Assign(args.labels.begin(), args.labels.end());
  for (const std::string& condition : args.conditions) {
    *options.add_entity_predicates() = *ParseCondition(condition);
  }
  for (const std::string& condition : args.relationship_conditions) {
    *options.add_relationship_predicates() = *ParseCondition(condition);
  }
  options.mutable_exclude_entities()->Assign(args.exclude.begin(),
                                             args.exclude.end());
  options.mutable_exclude_types()->Assign(args.exclude_types.begin(),
                                          args.exclude_types.end());
  options.set_min_confidence(args.min_confidence);
  options.mutable_budget()->set_max_entities(args.max_entities);
  options.mutable_budget()->set_max_relationships(args.max_relationships);
  options.mutable_budget()->set_max_results(args.max_results);
  return options;
}

}  // namespace guanxi::cli
