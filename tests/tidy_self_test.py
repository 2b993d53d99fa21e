#!/usr/bin/env python3
"""Checks tidy_test.py: each rule finds its bad examples, and nothing else does.

Every bad example is the clean tree with one file added or replaced.
"""
import sys

sys.dont_write_bytecode = True  # the tree stays as it is
import tidy_test

HEADER = """#ifndef GUANXI_GRAPH_KV_TXN_H_
#define GUANXI_GRAPH_KV_TXN_H_

#include <string>

#include "absl/status/status.h"

#include "graph/base/error.h"

struct MDB_txn;

namespace guanxi::kv {

// A view dies at the next write; `throw` and std::string_view are only words
// here. TODO(#12): say so elsewhere.
class Txn {
 public:
  Txn(const Txn&) = delete;
};

}  // namespace guanxi::kv

#endif  // GUANXI_GRAPH_KV_TXN_H_
"""

ERROR = """#ifndef GUANXI_GRAPH_BASE_ERROR_H_
#define GUANXI_GRAPH_BASE_ERROR_H_

namespace guanxi {
class Error;
}  // namespace guanxi

#endif  // GUANXI_GRAPH_BASE_ERROR_H_
"""

SOURCE = """#include "graph/kv/txn.h"

#include <lmdb.h>

#include "graph/kv/inner.h"

namespace guanxi::kv {
namespace {

constexpr int kMillion = 1'000'000;
constexpr char kText[] = "using namespace, mdb_del( and // no comment";
constexpr char kRaw[] = R"(a raw string: throw, delete, std::cout << 1, XXX, and more, and
more)";

}  // namespace

int Txn::Delete() { return mdb_del(nullptr, 0, nullptr, nullptr); }

}  // namespace guanxi::kv
"""

STORE = """#include "graph/kv/txn.h"

// The address of this comment is longer than it may be: https://example.org/a/b/c
namespace guanxi::store {}
"""

SERVICE = """#include <grpcpp/grpcpp.h>

#include "google/protobuf/any.pb.h"
#include "graph/kv/txn.h"
#include "guanxi/v1/graph.pb.h"

namespace guanxi::server {
grpc::Status Ok();
}  // namespace guanxi::server
"""

TEST = """#include "graph/kv/inner.h"

#include <iostream>

namespace guanxi::kv {
void Print() { std::cout << mdb_version(nullptr, nullptr, nullptr); }
}  // namespace guanxi::kv
"""

INNER = HEADER.replace("TXN", "INNER")

CLEAN = {
    "graph/base/CMakeLists.txt": "guanxi_library(base HDRS error.h)\n",
    "graph/base/error.h": ERROR,
    "graph/kv/CMakeLists.txt": ("# guanxi::store uses this, grpc does not\n"
                                "guanxi_library(kv\n  HDRS txn.h\n"
                                "  SRCS txn.cc inner.h\n"
                                "  DEPS guanxi::base PkgConfig::lmdb)\n"),
    "graph/kv/txn.h": HEADER,
    "graph/kv/inner.h": INNER,
    "graph/kv/txn.cc": SOURCE,
    "graph/store/commit.cc": STORE,
    "server/service.cc": SERVICE,
    "server/main.cc": "int main() { std::cout << 1; }\n",
    "client/CMakeLists.txt": ("guanxi_library(cli SRCS cli/get.cc\n"
                              "  DEPS guanxi::client guanxi::proto)\n"),
    "tests/graph/kv_test.cc": TEST + "\n" * 600,
}

ADD = SOURCE + "\n"  # a source to add a bad line to


def bad_include(path, name):
    return path, f'#include "{name}"\n'


# Rule -> its bad examples: a path and what that file holds.
BAD = {
    "layer": [
        bad_include("graph/base/new.cc", "graph/kv/txn.h"),
        bad_include("graph/kv/new.cc", "server/limits.h"),
        bad_include("client/new.cc", "graph/kv/txn.h"),
        bad_include("server/new.cc", "client/connection.h"),
        bad_include("graph/kv/new.cc", "tests/support/seed.h"),
        bad_include("graph/kv/new.cc", "graph/unheard_of/new.h"),
    ],
    "layer_of_targets": [
        ("graph/base/CMakeLists.txt",
         "guanxi_library(base HDRS error.h DEPS guanxi::kv)\n"),
        ("server/CMakeLists.txt", "guanxi_library(server DEPS guanxi::cli)\n"),
    ],
    "public_header": [
        bad_include("graph/store/new.cc", "graph/kv/inner.h"),
        bad_include("server/new.cc", "graph/kv/inner.h"),
    ],
    "engine_knows_no_rpc": [
        ("graph/kv/new.cc", "#include <grpcpp/grpcpp.h>\n"),
        ("graph/kv/new.cc", "#include <google/protobuf/any.h>\n"),
        ("graph/kv/new.cc", "void F(grpc::Status status);\n"),
        ("graph/kv/CMakeLists.txt",
         "guanxi_library(kv HDRS txn.h DEPS gRPC::grpc++)\n"),
    ],
    "lmdb_only_in_kv": [
        ("graph/store/new.cc", "#include <lmdb.h>\n"),
        ("server/new.cc", "int x = mdb_del(1);\n"),
        ("graph/store/new.h", ERROR.replace("BASE_ERROR", "STORE_NEW").replace(
            "guanxi {", "guanxi::store {").replace("class Error", "MDB_txn* t")),
    ],
    "include_from_root": [
        ("graph/kv/new.cc", '#include "txn.h"\n'),
        ("graph/kv/new.cc", '#include "../kv/txn.h"\n'),
        ("graph/kv/new.cc", "#include <graph/kv/txn.h>\n"),
    ],
    "own_header_first": [
        ("graph/kv/txn.cc", "#include <string>\n\n" + SOURCE),
        ("graph/kv/txn.cc", "int x;\n"),
    ],
    "namespace": [
        ("graph/kv/new.cc", "namespace guanxi::store {}\n"),
        ("graph/kv/new.cc", "namespace guanxi {}\n"),
        ("graph/base/new.cc", "namespace guanxi::kv {}\n"),
        ("graph/base/error.h", ERROR.replace("namespace guanxi {", "")),
    ],
    "include_guard": [
        ("graph/kv/new.h", HEADER),
        ("graph/base/error.h", ERROR.replace("#define", "// #define")),
    ],
    "file_name": [
        ("graph/kv/KeyCodec.cc", ""),
        ("graph/kv/utils.cc", ""),
        ("server/helpers/new.cc", ""),
        ("graph/kv/txn_manager.cc", ""),
    ],
    "file_length": [
        ("graph/kv/new.cc", "\n" * 501),
    ],
    "line_length": [
        ("graph/kv/new.cc", "// " + "x" * 78 + "\n"),
        ("tests/graph/new_test.cc", "// " + "x" * 78 + "\n"),
    ],
    "banned_word": [
        ("graph/kv/txn.cc", ADD + word + "\n") for word in (
            "throw 1;", "delete x;", "delete[] x;", "std::string_view x;",
            "std::span<int> x;", "#include <format>", "#include <expected>",
            "auto x = std::views::all(y);", "std::source_location x;",
            "absl::Mutex x;", "std::mutex x;", "std::cout << x;",
            "std::cerr << x;", "using namespace std;")
    ] + [("tests/graph/new_test.cc", "using namespace std;\n")],
    "todo_names_issue": [
        ("graph/kv/new.cc", "// TODO: later\n"),
        ("graph/kv/new.cc", "int x;  // TODO(someone): later\n"),
        ("graph/kv/new.cc", "/* FIXME */\n"),
        ("tests/graph/new_test.cc", "// XXX\n"),
    ],
}


def found(tree):
    return {name for _, _, name, _ in tidy_test.findings(tree)}


def unlike_expected():
    """Yields a sentence for each example that is not found as it should be."""
    for path, line, name, message in tidy_test.findings(CLEAN):
        yield f"clean tree: {path}:{line}: [{name}] {message}"
    for name in tidy_test.RULES.keys() - BAD.keys():
        yield f"{name}: has no bad example"
    for name, examples in BAD.items():
        for path, text in examples:
            if (names := found({**CLEAN, path: text})) != {name}:
                yield f"{name}: found {names or 'nothing'} in {path}:\n{text}"


def main():
    failures = list(unlike_expected())
    for failure in failures:
        print(failure)
    count = 1 + sum(len(examples) for examples in BAD.values())
    print(f"{count - len(failures)} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
