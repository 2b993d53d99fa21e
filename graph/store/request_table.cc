#include "graph/store/request_table.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/store/key.h"
#include "graph/value/codec.h"

namespace guanxi::store {
namespace {

constexpr char kById = kRequestById;
constexpr char kByTime = kRequestByTime;
constexpr int kTimeBytes = kRequestTimeBytes;

// Each request drops a few old ones: more than it adds.
constexpr int kDroppedPerRequest = 4;

std::string RequestKey(absl::string_view id) {
  return absl::StrCat(std::string(1, kById), id);
}

std::string TimeKey(int64_t time, absl::string_view id) {
  return absl::StrCat(std::string(1, kByTime),
                      BigEndian(static_cast<uint64_t>(time), kTimeBytes), id);
}

void PutNotice(const Notice& notice, std::string* out) {
  out->push_back(static_cast<char>(notice.kind));
  PutString(notice.position.file, out);
  PutSigned(notice.position.line, out);
  PutSigned(notice.position.column, out);
  PutSigned(notice.position.index, out);
  PutString(notice.message, out);
}

Notice ReadNotice(ByteReader& reader) {
  Notice notice{.kind = static_cast<NoticeKind>(reader.Byte())};
  if (notice.kind > kLastNoticeKind) reader.Fail();
  notice.position.file = reader.OwnedString();
  notice.position.line = static_cast<int>(reader.Signed());
  notice.position.column = static_cast<int>(reader.Signed());
  notice.position.index = static_cast<int>(reader.Signed());
  notice.message = reader.OwnedString();
  return notice;
}

void PutResult(const CommitResult& result, std::string* out) {
  PutVarint(result.revision.number, out);
  out->push_back(result.changed ? '\1' : '\0');
  for (const int64_t count :
       {result.claims_added, result.claims_unchanged, result.claims_skipped,
        result.claims_retracted, result.claims_ended, result.claims_purged,
        result.notice_count}) {
    PutSigned(count, out);
  }
  PutVarint(result.claim_ids.size(), out);
  for (const std::vector<std::string>& ids : result.claim_ids) {
    PutVarint(ids.size(), out);
    for (const std::string& id : ids) PutString(id, out);
  }
  PutVarint(result.notices.size(), out);
  for (const Notice& notice : result.notices) PutNotice(notice, out);
}

CommitResult ReadResult(ByteReader& reader) {
  CommitResult result{.revision = {reader.Varint()}};
  result.changed = reader.Byte() != 0;
  for (int64_t* count :
       {&result.claims_added, &result.claims_unchanged, &result.claims_skipped,
        &result.claims_retracted, &result.claims_ended, &result.claims_purged,
        &result.notice_count}) {
    *count = reader.Signed();
  }
  for (uint64_t left = reader.Varint(); left > 0 && reader.ok(); --left) {
    std::vector<std::string>& ids = result.claim_ids.emplace_back();
    for (uint64_t more = reader.Varint(); more > 0 && reader.ok(); --more) {
      ids.push_back(reader.OwnedString());
    }
  }
  for (uint64_t left = reader.Varint(); left > 0 && reader.ok(); --left) {
    result.notices.push_back(ReadNotice(reader));
  }
  return result;
}

absl::Status DropOld(int64_t before, const Tables& tables, kv::WriteTxn& txn) {
  std::vector<std::string> old;
  {
    kv::Cursor cursor = txn.Walk(tables.request);
    const std::string prefix(1, kByTime);
    for (cursor.Seek(prefix); cursor.InPrefix(prefix); cursor.Next()) {
      const bool expired =
          cursor.key() < absl::string_view(TimeKey(before, ""));
      if (!expired || old.size() == kDroppedPerRequest) break;
      old.emplace_back(cursor.key());
    }
    RETURN_IF_ERROR(cursor.status());
  }
  for (const std::string& key : old) {
    RETURN_IF_ERROR(txn.Delete(tables.request, key).status());
    const std::string id = key.substr(1 + kTimeBytes);
    const absl::StatusOr<std::optional<Answer>> answer =
        ReadAnswer(txn, tables, id);
    // A later request may have had the id again.
    const bool other = answer.ok() && answer->has_value() &&
                       TimeKey((*answer)->time, id) != key;
    if (other) continue;
    RETURN_IF_ERROR(txn.Delete(tables.request, RequestKey(id)).status());
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::optional<Answer>> ReadAnswer(const kv::Txn& txn,
                                                 const Tables& tables,
                                                 absl::string_view id) {
  ASSIGN_OR_RETURN(const std::optional<absl::string_view> found,
                   txn.Get(tables.request, RequestKey(id)));
  if (!found.has_value()) return std::nullopt;
  ByteReader reader(*found);
  Answer answer{.time = reader.Signed()};
  answer.digest = reader.OwnedString();
  answer.result = ReadResult(reader);
  RETURN_IF_ERROR(CheckRead(reader, "the answer to a request"));
  return answer;
}

absl::StatusOr<std::optional<CommitResult>> FindAnswer(
    const kv::Txn& txn, const Tables& tables, const RequestName& request,
    int64_t now) {
  ASSIGN_OR_RETURN(std::optional<Answer> answer,
                   ReadAnswer(txn, tables, request.id));
  if (!answer.has_value()) return std::nullopt;
  if (answer->time < now - kRequestWindowMicros) return std::nullopt;
  if (answer->digest == request.digest) return std::move(answer->result);
  return MakeError(
      absl::StatusCode::kAlreadyExists, "REQUEST_ID_TAKEN",
      absl::StrCat("another request had the id '", request.id,
                   "' in the last 24 hours; expected an id of its own"),
      {{"request_id", request.id}});
}

absl::Status KeepAnswer(const RequestName& request, int64_t now,
                        const CommitResult& result, const Tables& tables,
                        kv::WriteTxn& txn) {
  RETURN_IF_ERROR(DropOld(now - kRequestWindowMicros, tables, txn));
  std::string bytes;
  PutSigned(now, &bytes);
  PutString(request.digest, &bytes);
  PutResult(result, &bytes);
  RETURN_IF_ERROR(txn.Put(tables.request, RequestKey(request.id), bytes));
  return txn.Put(tables.request, TimeKey(now, request.id), "");
}

}  // namespace guanxi::store
