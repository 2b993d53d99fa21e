#ifndef GUANXI_CLIENT_CLI_VALUE_TEXT_H_
#define GUANXI_CLIENT_CLI_VALUE_TEXT_H_

#include <string>

#include <google/protobuf/map.h>

#include "guanxi/v1/claim.pb.h"
#include "guanxi/v1/graph.pb.h"
#include "guanxi/v1/value.pb.h"

namespace guanxi::cli {

using ValueMap = google::protobuf::Map<std::string, v1::Value>;

// "16%", "Cambricon Technologies", "[a, b]".
std::string ToText(const v1::Value& value);

// "level: unknown, percent: 16%", by name; empty for an empty map.
std::string ToText(const ValueMap& map);

// "a000", "a000:13", "a000:27-29".
std::string ToText(const v1::Citation& citation);

// "at 2025~", "during 2022/..".
std::string ToText(const v1::ValidTime& valid);

// "Cambricon Technologies (cambricon)"; the key alone if there is no name.
std::string ToText(const v1::EntitySummary& entity);

// "revenue", "revenue 2025-H1 {scope: group}": what tells the fact from others
// of its entity or relationship.
std::string ToText(const v1::FactKey& key);

// "-[OWNS_SHARES_IN]->", or "<-[…]-" where it is seen from its object. `inside`
// stands behind the type.
std::string Arrow(const v1::Relationship& relationship, bool from_object,
                  const std::string& inside);

// "16%, votes: 20%": the shown properties; quantities need no name.
std::string PropertiesText(const v1::Relationship& relationship);

}  // namespace guanxi::cli

#endif  // GUANXI_CLIENT_CLI_VALUE_TEXT_H_
