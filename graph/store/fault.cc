#include "graph/store/fault.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/error.h"

namespace guanxi::store {

void Fault::SetListener(Listener listener) {
  MutexLock lock(mutex_);
  listener_ = std::move(listener);
  if (listener_ && !status_.ok()) listener_(status_);
}

absl::Status Fault::status() const {
  MutexLock lock(mutex_);
  return status_;
}

int64_t Fault::count() const {
  MutexLock lock(mutex_);
  return count_;
}

void Fault::Raise(const absl::Status& cause) {
  MutexLock lock(mutex_);
  ++count_;
  Set(MakeError(absl::StatusCode::kFailedPrecondition, "STORE_READ_ONLY",
                absl::StrCat("the disk has failed, so that nothing is written "
                             "until `guanxi check` finds the store sound: ",
                             cause.message()),
                {{"cause", cause.message()}}));
}

void Fault::Clear(int64_t count) {
  MutexLock lock(mutex_);
  if (count == count_) Set(absl::OkStatus());
}

void Fault::Set(const absl::Status& status) {
  if (status_.ok() == status.ok()) return;
  status_ = status;
  if (listener_) listener_(status);
}

}  // namespace guanxi::store
