#ifndef GUANXI_GRAPH_KV_FILE_CHECK_H_
#define GUANXI_GRAPH_KV_FILE_CHECK_H_

#include <string>

#include "absl/status/status.h"

namespace guanxi::kv {

// Looks at a data file before LMDB maps it, since LMDB takes an empty file for
// a new one and dies of SIGBUS where a file has lost its end. Reads a few pages
// only; `guanxi verify` reads them all.
//
// OK: an LMDB file of our version, with every page that holds something. (A
// sound file may lack pages at its end: LMDB does not write those that the
// same transaction took and gave back. They are all on its list of free
// pages, and that is what is checked.)
// DATA_LOSS [STORE_DAMAGED]: it is empty, cut short or has no sound header.
// FAILED_PRECONDITION [STORE_UNUSABLE]: it is something else, or was written
// by another version or on a machine with another byte order.
//
// Opens and closes the file: not to be called while an Env has it open.
absl::Status CheckFile(const std::string& path);

}  // namespace guanxi::kv

#endif  // GUANXI_GRAPH_KV_FILE_CHECK_H_
