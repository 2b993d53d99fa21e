#ifndef GUANXI_SERVER_BACKUP_H_
#define GUANXI_SERVER_BACKUP_H_

#include "absl/status/status.h"
#include <grpcpp/support/sync_stream.h>

#include "guanxi/v1/admin_service.pb.h"
#include "server/calls.h"
#include "server/serving.h"

namespace guanxi::server {

// Sends a copy of the store as the contract says of AdminService.Backup.
absl::Status Backup(const Serving& serving, Call& call,
                    grpc::ServerWriter<v1::BackupResponse>& writer);

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_BACKUP_H_
