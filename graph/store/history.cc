#include "graph/store/history.h"

#include "graph/base/status_macros.h"

namespace guanxi::store {
namespace {

std::string ImageKey(Owner owner, Revision end) {
  return OwnerKey(owner) + BigEndian(end.number, kRevisionBytes);
}

}  // namespace

absl::Status KeepImage(Owner owner, Revision revision, absl::string_view record,
                       const Tables& tables, kv::WriteTxn& txn) {
  const std::string key = ImageKey(owner, revision);
  ASSIGN_OR_RETURN(const std::optional<absl::string_view> kept,
                   txn.Get(tables.history, key));
  if (kept.has_value()) return absl::OkStatus();
  return txn.Put(tables.history, key, record);
}

absl::StatusOr<std::optional<absl::string_view>> FindImage(const kv::Txn& txn,
                                                           const Tables& tables,
                                                           Owner owner,
                                                           Revision revision) {
  kv::Cursor cursor = txn.Walk(tables.history);
  cursor.Seek(ImageKey(owner, {revision.number + 1}));
  RETURN_IF_ERROR(cursor.status());
  if (!cursor.InPrefix(OwnerKey(owner))) return std::nullopt;
  return cursor.value();
}

absl::Status WalkImages(
    const kv::Txn& txn, const Tables& tables, Owner owner,
    absl::FunctionRef<bool(Revision end, absl::string_view record)> visit) {
  const std::string prefix = OwnerKey(owner);
  kv::Cursor cursor = txn.Walk(tables.history);
  for (cursor.Seek(prefix); cursor.InPrefix(prefix); cursor.Next()) {
    const Revision end{ReadBigEndian(cursor.key().substr(prefix.size()))};
    if (!visit(end, cursor.value())) break;
  }
  return cursor.status();
}

absl::StatusOr<std::vector<Image>> ReadImages(const kv::Txn& txn,
                                              const Tables& tables,
                                              Owner owner) {
  std::vector<Image> images;
  RETURN_IF_ERROR(WalkImages(txn, tables, owner,
                             [&](Revision end, absl::string_view record) {
                               images.push_back({end, std::string(record)});
                               return true;
                             }));
  return images;
}

absl::Status ReplaceImage(Owner owner, const Image& image, const Tables& tables,
                          kv::WriteTxn& txn) {
  return txn.Put(tables.history, ImageKey(owner, image.end), image.record);
}

}  // namespace guanxi::store
