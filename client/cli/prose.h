#ifndef GUANXI_CLIENT_CLI_PROSE_H_
#define GUANXI_CLIENT_CLI_PROSE_H_

#include <string>

#include "absl/strings/string_view.h"

#include "guanxi/v1/claim.pb.h"
#include "guanxi/v1/graph.pb.h"

namespace guanxi::cli {

// "tier" for LOSS_RULE_TIER, whose prefix is "LOSS_RULE_".
std::string LowerName(const std::string& enumerator, absl::string_view prefix);

// "expected": the mode as the .kg language names it.
std::string ModeName(v1::Mode mode);

// What a reader should know of a fact: "maybe, conflict, expected"; empty where
// it plainly holds.
std::string FlagsText(const v1::Showing& showing);

// Likewise of a relationship, with the properties on which sources disagree:
// "maybe, conflict on percent".
std::string FlagsText(const v1::Relationship& relationship);

// Where the shown claim stands: "a004:8", "no source"; empty if the answer
// brought no claims.
std::string SourceText(const v1::Showing& showing);

// Where the values that a relationship shows stand, each source once; where it
// shows none, the relationship itself.
std::string SourceText(const v1::Relationship& relationship);

// When the fact holds: as the shown claim says ("at 2025~"), or, of an answer
// for any day, the days of which it speaks ("2020-01-01 to 2024-12-31"). Empty
// if nobody says.
std::string WhenText(const v1::Showing& showing,
                     const v1::ResolvedMoment& moment);

// What became of a claim, and why: "lost: tier - the shown claim rests on a
// better class of source".
std::string VerdictText(const v1::Claim& claim);

// "on 2025-09-30, revision 3".
std::string MomentText(const v1::ResolvedMoment& moment);

// "complete", "truncated at depth 2: 10000 results, …", and what was left out.
std::string CompletenessText(const v1::Completeness& completeness);

// What to add to the command to see more; empty if there is no more.
std::string ResumeText(const v1::Completeness& completeness);

}  // namespace guanxi::cli

#endif  // GUANXI_CLIENT_CLI_PROSE_H_
