#ifndef GUANXI_GRAPH_TEXT_LITERALS_H_
#define GUANXI_GRAPH_TEXT_LITERALS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/text/lexer.h"
#include "graph/value/date.h"
#include "graph/value/decimal.h"
#include "graph/value/time.h"
#include "graph/value/value.h"

// Readers of the terminals of the .kg grammar. Each reads what stands at the
// lexer and leaves it behind that, or fails with INVALID_ARGUMENT [SYNTAX].
// `what` names for messages what is read: "an entity key".
namespace guanxi::text {

absl::StatusOr<std::string> ReadString(Lexer& lexer, absl::string_view what);

// 1 to kMaxIdBytes bytes; no control characters.
absl::StatusOr<std::string> ReadId(Lexer& lexer, absl::string_view what);

// A word; 1 to kMaxIdBytes bytes.
absl::StatusOr<std::string> ReadName(Lexer& lexer, absl::string_view what);

absl::StatusOr<Decimal> ReadNumber(Lexer& lexer);
absl::StatusOr<double> ReadDouble(Lexer& lexer);  // the nearest to a number

// A number or a quantity.
absl::StatusOr<Value> ReadNumberValue(Lexer& lexer);

absl::StatusOr<Date> ReadDate(Lexer& lexer);

// Whether a date that no number could be, or a date with a time, stands here.
bool LooksAtDate(const Lexer& lexer);
absl::StatusOr<Value> ReadDateValue(Lexer& lexer);

absl::StatusOr<When> ReadWhen(Lexer& lexer);
absl::StatusOr<Duration> ReadDuration(Lexer& lexer);

// Whether `word` has the shape of a duration, if perhaps not of a possible one.
bool LooksLikeDuration(absl::string_view word);

// Lists and maps are nested at most Value::kMaxDepth deep.
absl::StatusOr<Value> ReadValue(Lexer& lexer);

// Names are unique in it. It counts as one of the kMaxDepth.
absl::StatusOr<Map> ReadMap(Lexer& lexer);

}  // namespace guanxi::text

#endif  // GUANXI_GRAPH_TEXT_LITERALS_H_
