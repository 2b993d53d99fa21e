#ifndef GUANXI_SERVER_CONVERT_VALUE_H_
#define GUANXI_SERVER_CONVERT_VALUE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include <google/protobuf/map.h>

#include "graph/value/value.h"
#include "guanxi/v1/value.pb.h"
#include "server/convert/field_path.h"

namespace guanxi::server {

using ProtoMap = google::protobuf::Map<std::string, v1::Value>;

// Values are nested at most this deep in messages: parsers of Protocol Buffers
// give up at 100 messages, of which each level of a map takes three.
inline constexpr int kMaxValueDepth = 24;

inline constexpr int64_t kMicrosPerSecond = 1'000'000;
inline constexpr int64_t kNanosPerMicro = 1'000;

// Of dates and quantities the literal alone is read. INVALID_ARGUMENT
// [FIELD_REQUIRED, FIELD_INVALID].
absl::StatusOr<Value> FromProto(const v1::Value& value, const FieldPath& field);
absl::StatusOr<Map> FromProto(const ProtoMap& map, const FieldPath& field);
absl::StatusOr<Date> FromProto(const v1::Date& date, const FieldPath& field);

// Parses the literal of a period. INVALID_ARGUMENT [FIELD_INVALID].
absl::StatusOr<When> ParseWhen(const std::string& literal,
                               const FieldPath& field);

// Into a message that is empty still.
void Write(const Value& value, v1::Value* proto);

v1::Value ToProto(const Value& value);
ProtoMap ToProto(const Map& map);
v1::Period ToProto(const When& when);

// "2025-09-30"; empty for an unbounded day.
std::string DayToProto(Day day);

// The shortest literal of a period that covers just these days: "2025-H1",
// "2025-01-15/2025-02-03", "2022-12-01/..".
std::string PeriodToProto(const DayRange& days);

// How deep `value` is nested: 1 for one that holds no others.
int Depth(const Value& value);

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_CONVERT_VALUE_H_
