#include "graph/store/log.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/value/codec.h"

namespace guanxi::store {
namespace {

// A row is cut into parts that never need pages of their own.
constexpr size_t kPartBytes = 1900;
constexpr int kPartNumberBytes = 4;
constexpr size_t kChecksumBytes = 16;

std::string PartKey(Revision revision, uint64_t part) {
  return BigEndian(revision.number, kRevisionBytes) +
         BigEndian(part, kPartNumberBytes);
}

std::string Encode(const LogRow& row) {
  std::string bytes;
  PutSigned(row.time, &bytes);
  PutVarint(row.next_entity, &bytes);
  PutVarint(row.next_relationship, &bytes);
  PutString(row.author, &bytes);
  PutString(row.note, &bytes);
  PutVarint(row.entries.size(), &bytes);
  for (const LogEntry& entry : row.entries) {
    bytes.push_back(static_cast<char>(entry.operation));
    bytes.push_back(static_cast<char>(entry.owner.kind));
    PutVarint(entry.owner.id, &bytes);
    PutVarint(entry.number, &bytes);
  }
  return Digest128(bytes) + bytes;
}

void ReadHead(ByteReader& reader, LogRow& row) {
  row.time = reader.Signed();
  row.next_entity = reader.Varint();
  row.next_relationship = reader.Varint();
}

LogEntry ReadEntry(ByteReader& reader) {
  LogEntry entry;
  entry.operation = static_cast<LogOperation>(reader.Byte());
  entry.owner.kind = static_cast<OwnerKind>(reader.Byte());
  if (entry.operation < LogOperation::kClaimBelieved ||
      entry.operation > kLastLogOperation ||
      entry.owner.kind > OwnerKind::kSource) {
    reader.Fail();
  }
  entry.owner.id = reader.Varint();
  entry.number = reader.Varint();
  return entry;
}

}  // namespace

absl::Status WriteLog(const LogRow& row, const Tables& tables,
                      kv::WriteTxn& txn) {
  const std::string bytes = Encode(row);
  uint64_t part = 0;
  for (size_t at = 0; at < bytes.size(); at += kPartBytes) {
    RETURN_IF_ERROR(txn.Put(tables.log, PartKey(row.revision, part++),
                            bytes.substr(at, kPartBytes)));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<LogRow>> ReadLog(const kv::Txn& txn,
                                              const Tables& tables,
                                              Revision revision) {
  std::string bytes;
  const std::string prefix = BigEndian(revision.number, kRevisionBytes);
  kv::Cursor cursor = txn.Walk(tables.log);
  for (cursor.Seek(prefix); cursor.InPrefix(prefix); cursor.Next()) {
    absl::StrAppend(&bytes, cursor.value());
  }
  RETURN_IF_ERROR(cursor.status());
  if (bytes.empty()) return std::nullopt;

  ByteReader reader(bytes);
  const absl::string_view checksum = reader.Take(kChecksumBytes);
  if (checksum != Digest128(reader.rest())) reader.Fail();
  LogRow row{.revision = revision};
  ReadHead(reader, row);
  row.author = reader.OwnedString();
  row.note = reader.OwnedString();
  for (uint64_t left = reader.Varint(); left > 0 && reader.ok(); --left) {
    row.entries.push_back(ReadEntry(reader));
  }
  RETURN_IF_ERROR(
      CheckRead(reader, absl::StrCat("log of revision ", revision.number)));
  return row;
}

absl::StatusOr<std::optional<LogRow>> ReadLogHead(const kv::Txn& txn,
                                                  const Tables& tables,
                                                  Revision revision) {
  ASSIGN_OR_RETURN(const std::optional<absl::string_view> part,
                   txn.Get(tables.log, PartKey(revision, 0)));
  if (!part.has_value()) return std::nullopt;
  ByteReader reader(*part);
  reader.Take(kChecksumBytes);
  LogRow row{.revision = revision};
  ReadHead(reader, row);
  reader.Take(reader.rest().size());
  RETURN_IF_ERROR(
      CheckRead(reader, absl::StrCat("log of revision ", revision.number)));
  return row;
}

absl::StatusOr<bool> WalkLog(
    const kv::Txn& txn, const Tables& tables, const LogStretch& stretch,
    absl::FunctionRef<absl::StatusOr<bool>(const LogEntry&)> visit) {
  int64_t entries_left = stretch.max_entries;
  for (Revision row{stretch.after.number + 1}; row <= stretch.last;
       ++row.number) {
    if (--entries_left < 0) return false;
    ASSIGN_OR_RETURN(const std::optional<LogRow> log,
                     ReadLog(txn, tables, row));
    if (!log.has_value()) return false;
    entries_left -= static_cast<int64_t>(log->entries.size());
    if (entries_left < 0) return false;
    for (const LogEntry& entry : log->entries) {
      ASSIGN_OR_RETURN(const bool more, visit(entry));
      if (!more) return false;
    }
  }
  return true;
}

absl::StatusOr<Revision> FindRevisionAt(const kv::Txn& txn,
                                        const Tables& tables, int64_t time,
                                        Revision latest) {
  uint64_t at_or_before = 0;
  uint64_t after = latest.number + 1;
  while (at_or_before + 1 < after) {
    const uint64_t middle = at_or_before + (after - at_or_before) / 2;
    ASSIGN_OR_RETURN(const std::optional<LogRow> row,
                     ReadLogHead(txn, tables, {middle}));
    const bool later = !row.has_value() || row->time > time;
    (later ? after : at_or_before) = middle;
  }
  return Revision{at_or_before};
}

}  // namespace guanxi::store
