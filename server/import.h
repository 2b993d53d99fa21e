#ifndef GUANXI_SERVER_IMPORT_H_
#define GUANXI_SERVER_IMPORT_H_

#include "absl/status/status.h"

#include "server/calls.h"
#include "server/fact_service.h"
#include "server/serving.h"

namespace guanxi::server {

// Receives all that the client sends, parses each file as it comes, and commits
// what they say: at once, or as many statements at a time as the client asks
// for. Tells how far it is, and what it did. Errors as FactService.Import; what
// it has told to be stored by then stays.
absl::Status Import(const Serving& serving, Call& call,
                    FactService::ImportStream& stream);

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_IMPORT_H_
