// Any message as a part of a request: it is refused with its reason, or it
// becomes what the engine takes. What can be stored can be printed and read.

#include <iterator>
#include <string>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "graph/base/check.h"
#include "graph/base/error.h"
#include "graph/model/check_statement.h"
#include "graph/model/schema.h"
#include "graph/text/printer.h"
#include "guanxi/v1/fact_service.pb.h"
#include "guanxi/v1/graph_service.pb.h"
#include "server/builtin_schema.h"
#include "server/convert/claim.h"
#include "server/convert/hop.h"
#include "server/convert/path_cost.h"
#include "server/convert/path_step.h"
#include "server/convert/precondition.h"
#include "server/convert/predicate.h"
#include "server/convert/statement.h"
#include "server/convert/traversal.h"
#include "server/convert/value.h"
#include "server/status.h"
#include "tests/fuzz/byte_source.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/message_filler.h"
#include "tests/support/export_text.h"

namespace guanxi::server {
namespace {

using test::RequireOk;

using test::ByteSource;

const FieldPath kPart("part");

const Schema& Declared() {
  static const Schema& declared = *new Schema(*BuiltinSchema());
  return declared;
}

// A message made of the input.
template <typename Message>
Message Made(ByteSource& source) {
  static const test::MessageFiller& filler = *new test::MessageFiller;
  Message message;
  filler.Fill(source, &message);
  return message;
}

// A refusal says why, and can be sent.
bool IsTaken(const absl::Status& status) {
  if (status.ok()) return true;
  GUANXI_CHECK(absl::IsInvalidArgument(status));
  const auto info = GetErrorInfo(status);
  GUANXI_CHECK(info.has_value() && !info->reason.empty());
  GUANXI_CHECK(!ToGrpc(status).error_details().empty());
  return false;
}

void TestValue(ByteSource& source) {
  const auto value = FromProto(Made<v1::Value>(source), kPart);
  if (!IsTaken(value.status())) return;
  const auto again = FromProto(ToProto(*value), kPart);
  RequireOk(again.status());
  GUANXI_CHECK(*again == *value);
}

// Whether a store that holds nothing would have nothing against it.
bool IsPossible(const Statement& statement) {
  if (!CheckStatement(statement).ok()) return false;
  const auto* const declaration = std::get_if<Declaration>(&statement.body);
  if (declaration == nullptr) return true;
  Schema schema = Declared();
  return schema.Declare(*declaration).ok();
}

// What can be stored can be printed, and means the same when read.
void TestOperation(ByteSource& source) {
  const auto statement = FromProto(Made<v1::Operation>(source), kPart);
  if (!IsTaken(statement.status()) || !IsPossible(*statement)) return;
  for (const auto format : {test::Format::kKg, test::Format::kJsonLines}) {
    const std::string text = test::PrintAll({*statement}, Declared(), format);
    const auto read = test::ReadAll(text, Declared(), format);
    RequireOk(read.status());
    GUANXI_CHECK(test::PrintAll(*read, Declared(), format) == text);
  }
}

void TestPreconditions(ByteSource& source) {
  IsTaken(ReadPreconditions(Made<v1::CommitRequest>(source)).status());
}

void TestReadOptions(ByteSource& source) {
  const auto options = Made<v1::ReadOptions>(source);
  constexpr Day kToday{20'000};
  IsTaken(FromProto(options, kToday, kPart).status());
}

void TestTraversal(ByteSource& source) {
  const auto options = Made<v1::TraversalOptions>(source);
  traverse::TraversalSpec spec;
  if (!IsTaken(ReadTraversal(options, {}, kPart, &spec))) return;
  IsTaken(ReadPredicates(options, Declared(), kPart, &spec));
}

void TestHops(ByteSource& source) {
  const auto request = Made<v1::NeighbourhoodRequest>(source);
  traverse::NeighbourhoodSpec spec;
  IsTaken(ReadHops(request, Declared(), &spec));
  IsTaken(FromProto(Made<v1::HubPolicy>(source), kPart).status());
}

void TestPaths(ByteSource& source) {
  const auto request = Made<v1::FindPathsRequest>(source);
  IsTaken(FromProto(request.pattern(), Declared(), {}, kPart).status());
  IsTaken(FromProto(request.cost(), kPart).status());
}

void TestOne(ByteSource source) {
  constexpr void (*kTests[])(ByteSource&) = {
      TestValue,     TestOperation, TestPreconditions, TestReadOptions,
      TestTraversal, TestHops,      TestPaths};
  const uint32_t choice = source.Below(std::size(kTests));
  kTests[choice](source);
}

}  // namespace
}  // namespace guanxi::server

void guanxi::test::TryInput(absl::string_view input) {
  server::TestOne(ByteSource(input));
}
