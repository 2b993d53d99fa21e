#!/usr/bin/env python3
"""Checks the shape of the source tree: what a formatter and a compiler cannot.

Prints one `path:line: [rule] message` per finding, then how many rules held;
exits 1 if one did not. The rules are the functions marked with @rule, each with
a bad example in tidy_self_test.py.
"""
import dataclasses
import pathlib
import re
import sys

MAX_FILE_LINES = 500
MAX_COLUMNS = 80


@dataclasses.dataclass(frozen=True)
class Folder:
    """One module: a folder with all below it."""

    namespaces: tuple  # those its code lives in
    may_include: tuple = ()  # other folders


BASE = ("graph/base",)
MODEL = BASE + ("graph/value", "graph/model")
STORE = MODEL + ("graph/store",)
TRAVERSE = STORE + ("graph/topology", "graph/traverse")
ENGINE = TRAVERSE + ("graph/kv", "graph/analysis", "graph/text",
                     "graph/formats")

# Who may include whom, the whole of it. A folder always includes itself.
FOLDERS = {
    "graph/base": Folder(("guanxi",)),
    "graph/value": Folder(("guanxi",), BASE),
    "graph/model": Folder(("guanxi",), BASE + ("graph/value",)),
    "graph/kv": Folder(("guanxi::kv",), BASE),
    "graph/store": Folder(("guanxi::store",), MODEL + ("graph/kv",)),
    "graph/topology": Folder(("guanxi::topology",), STORE),
    "graph/traverse": Folder(("guanxi::traverse",), STORE
                             + ("graph/topology",)),
    "graph/analysis": Folder(("guanxi::analysis",), TRAVERSE),
    "graph/text": Folder(("guanxi::text",), STORE),
    "graph/formats": Folder(("guanxi::formats",), STORE + ("graph/text",)),
    "server": Folder(("guanxi::server",), ENGINE + ("proto",)),
    "client": Folder(("guanxi::client", "guanxi::cli"), BASE + ("proto",)),
}

# CMake targets that are not named guanxi::FOLDER for a graph/FOLDER.
TARGET_FOLDERS = {"server": "server", "client": "client", "cli": "client",
                  "proto": "proto"}

# How an #include of ours begins; code generated from proto/ has its packages.
PROTO_ROOTS = ("guanxi", "google")
OUR_ROOTS = ("graph", "server", "client", "tests", "bench") + PROTO_ROOTS

# In code, comments and strings apart:
# pattern -> (what to use instead, where it is allowed).
BANNED = {
    r"\bthrow\b": ("absl::Status", ("tests",)),
    r"\bdelete\b": ("std::unique_ptr", ()),
    r"\bstd::string_view\b": ("absl::string_view", ()),
    r"\bstd::span\b": ("absl::Span", ()),
    r"\bstd::format\b|<format>": ("absl::StrFormat", ()),
    r"\bstd::expected\b|<expected>": ("absl::StatusOr", ()),
    r"\bstd::(ranges::)?views?::": ("a loop or std::ranges algorithms", ()),
    r"\bstd::source_location\b": ("a macro", ()),
    r"\bstd::(recursive_|shared_)?mutex\b|\babsl::Mutex(Lock)?\b":
        ("guanxi::Mutex", ("graph/base/mutex.h", "tests")),
    r"\bstd::(cout|cerr)\b":
        ("the log or a stream that is passed in", ("main.cc", "tests", "bench")),
    r"\busing namespace\b": ("qualified names", ()),
}

FORBIDDEN_NAMES = {"util", "utils", "common", "helper", "helpers", "manager"}

RULES = {}


def rule(check):
    """Adds a generator of (line, message) for one file to the rules."""
    RULES[check.__name__] = check
    return check


class File:
    """One file and what the rules want to know of it."""

    def __init__(self, path, text, tree):
        self.path = path
        self.text = text
        self.tree = tree
        self.lines = text.split("\n")
        self.folder = folder_of(path)
        self.is_cpp = path.endswith((".h", ".cc"))
        self.is_cmake = path.endswith("CMakeLists.txt")
        self.code, self.comments = split_code(text) if self.is_cpp else ("", "")

    def numbered_code(self):
        return enumerate(self.code.split("\n"), 1)

    def includes(self):
        """Yields (line, name, quoted) of each #include."""
        for number, line in enumerate(self.lines, 1):
            if match := re.match(r'#include ([<"])([^>"]+)[>"]', line):
                yield number, match[2], match[1] == '"'

    def our_includes(self):
        """Yields (line, name, folder) of each #include of ours."""
        for number, name, _ in self.includes():
            root, *rest = name.split("/")
            if root in OUR_ROOTS and rest and rest[0] != "protobuf":
                yield number, name, folder_of(name)

    def within(self, *folders):
        return any(self.path.startswith(folder + "/") for folder in folders)


def folder_of(path):
    """Returns the module of a file, or of what an #include names."""
    parts = path.split("/")
    if parts[0] in PROTO_ROOTS:
        return "proto"
    return "/".join(parts[:2]) if parts[0] == "graph" else parts[0]


TOKENS = re.compile(r"""
    (?P<comment>//[^\n]*|/\*.*?\*/)
    |(?P<raw>R"(?P<delimiter>[^(\s]*)\(.*?\)(?P=delimiter)")
    |(?P<string>"(?:\\.|[^"\\\n])*")
    |(?P<char>(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+')
    """, re.VERBOSE | re.DOTALL)


def split_code(text):
    """Returns `text` without comments and strings, and its comments alone.

    Both keep the line breaks of `text`.
    """
    comments = list(re.sub(r"[^\n]", " ", text))

    def blank(match):
        if match["comment"]:
            comments[match.start():match.end()] = match[0]
        return re.sub(r"[^\n]", " ", match[0])

    return TOKENS.sub(blank, text), "".join(comments)


def public_headers(tree, folder):
    """Returns the paths that guanxi_library() lists as HDRS of `folder`."""
    text = tree.get(f"{folder}/CMakeLists.txt", "")
    headers = set()
    for call in re.findall(r"guanxi_library\(([^)]*)\)", text):
        if match := re.search(r"\bHDRS\s+(.*?)(?=\b(?:SRCS|DEPS)\b|$)", call,
                              re.DOTALL):
            headers.update(f"{folder}/{name}" for name in match[1].split())
    return headers


# ---- who may see whom --------------------------------------------------------


@rule
def layer(file):
    if file.folder not in FOLDERS:
        return
    allowed = FOLDERS[file.folder].may_include + (file.folder,)
    for number, _, target in file.our_includes():
        if target not in allowed:
            yield number, f"{file.folder} may not include {target}"


@rule
def layer_of_targets(file):
    if not file.is_cmake or file.folder not in FOLDERS:
        return
    allowed = FOLDERS[file.folder].may_include + (file.folder,)
    for number, line in enumerate(file.lines, 1):
        for name in re.findall(r"\bguanxi::(\w+)", line.split("#")[0]):
            target = TARGET_FOLDERS.get(name, f"graph/{name}")
            if target not in allowed:
                yield number, f"{file.folder} may not depend on {target}"


@rule
def public_header(file):
    if file.folder not in FOLDERS:
        return
    may_include = FOLDERS[file.folder].may_include
    for number, name, target in file.our_includes():
        if target not in FOLDERS or target not in may_include:
            continue
        if name not in public_headers(file.tree, target):
            yield number, f"{name} is not among the HDRS of {target}"


@rule
def engine_knows_no_rpc(file):
    if not file.within("graph"):
        return
    foreign = re.compile(r"grpc|protobuf|\.pb\.h", re.IGNORECASE)
    text = re.sub(r"#.*", "", file.text) if file.is_cmake else file.code
    for number, line in enumerate(text.split("\n"), 1):
        if foreign.search(line) and not line.startswith("#include"):
            yield number, "graph/ knows neither gRPC nor Protocol Buffers"
    for number, name, _ in file.includes():
        if foreign.search(name):
            yield number, f"graph/ may not include {name}"


@rule
def lmdb_only_in_kv(file):
    if not file.is_cpp or file.within("graph/kv", "tests"):
        return
    for number, name, _ in file.includes():
        if name == "lmdb.h":
            yield number, "only graph/kv may include lmdb.h"
    for number, line in file.numbered_code():
        if re.search(r"\bmdb_\w+\(|\bMDB_\w+", line):
            yield number, "only graph/kv may use LMDB"


@rule
def include_from_root(file):
    for number, name, quoted in file.includes():
        if "/" not in name and quoted or name.startswith("."):
            yield number, f"write {name} from the root of the tree"
        elif not quoted and name.split("/")[0] in OUR_ROOTS:
            if folder_of(name) != "proto" or name.startswith("guanxi/"):
                yield number, f"{name} is ours: quote it"


@rule
def own_header_first(file):
    own = re.sub(r"\.cc$", ".h", file.path)
    if not file.path.endswith(".cc") or own not in file.tree:
        return
    first = next(file.includes(), None)
    if first is None or first[1] != own:
        yield first[0] if first else 1, f"the first #include must be {own}"


# ---- names -------------------------------------------------------------------


@rule
def namespace(file):
    if not file.is_cpp or file.folder not in FOLDERS:
        return
    own = FOLDERS[file.folder].namespaces
    others = {name for folder in FOLDERS.values() for name in folder.namespaces}
    found = False
    for number, line in file.numbered_code():
        match = re.match(r"namespace (guanxi(?:::\w+)*)", line)
        if not match:
            continue
        found = True
        name = match[1]
        inside = any(f"{name}::".startswith(f"{mine}::") for mine in own)
        if not inside or name in others - set(own):
            yield number, f"{file.folder} lives in {' and '.join(own)}"
    declares = r"^(class|struct|enum|using|inline|constexpr|template)\b"
    if file.path.endswith(".h") and not found:
        if re.search(declares, file.code, re.MULTILINE):
            yield 1, f"{file.folder} lives in {' and '.join(own)}"


@rule
def include_guard(file):
    if not file.path.endswith(".h"):
        return
    guard = "GUANXI_" + re.sub(r"\W", "_", file.path).upper() + "_"
    if f"#ifndef {guard}\n#define {guard}\n" not in file.text:
        yield 1, f"the include guard must be {guard}"


@rule
def file_name(file):
    stem = pathlib.PurePosixPath(file.path).name.split(".")[0]
    if file.is_cpp and not re.fullmatch(r"[a-z][a-z0-9_]*", stem):
        yield 1, "file names are snake_case"
    for part in re.split(r"[/_.]", file.path):
        if part in FORBIDDEN_NAMES:
            yield 1, f"'{part}' does not say what is inside"


# ---- size --------------------------------------------------------------------


@rule
def file_length(file):
    count = len(file.text.splitlines())
    if file.is_cpp and count > MAX_FILE_LINES and not file.within("tests"):
        yield MAX_FILE_LINES + 1, f"{count} lines; split at {MAX_FILE_LINES}"


@rule
def line_length(file):
    if not file.is_cpp:
        return
    raw = set()
    for match in TOKENS.finditer(file.text):
        if match["raw"]:  # the formatter leaves these alone, and so do we
            first = file.text.count("\n", 0, match.start()) + 1
            raw.update(range(first, first + match[0].count("\n") + 1))
    for number, line in enumerate(file.lines, 1):
        breakable = "://" not in line and not line.startswith("#include")
        if len(line) > MAX_COLUMNS and breakable and number not in raw:
            yield number, f"{len(line)} columns; the limit is {MAX_COLUMNS}"


# ---- words -------------------------------------------------------------------


@rule
def banned_word(file):
    if not file.is_cpp:
        return
    code = re.sub(r"=\s*delete\b", "", file.code)
    for number, line in enumerate(code.split("\n"), 1):
        for pattern, (instead, allowed) in BANNED.items():
            match = re.search(pattern, line)
            if match and not any(file.within(place)
                                 or file.path.endswith(place)
                                 for place in allowed):
                yield number, f"not '{match[0].strip()}' here; use {instead}"


@rule
def todo_names_issue(file):
    for number, line in enumerate(file.comments.split("\n"), 1):
        if re.search(r"\b(FIXME|XXX)\b|\bTODO\b(?!\(#\d+\))", line):
            yield number, "write TODO(#issue)"


# ---- all of it ---------------------------------------------------------------


def findings(tree):
    """Yields (path, line, rule, message) over `tree`, a dict path -> text."""
    for path, text in sorted(tree.items()):
        file = File(path, text, tree)
        for name, check in RULES.items():
            for line, message in check(file):
                yield path, line, name, message


def read_tree(root):
    tree = {}
    for top in ("graph", "server", "client", "tests", "bench"):
        for file in (root / top).rglob("*"):
            if file.suffix in (".h", ".cc") or file.name == "CMakeLists.txt":
                tree[file.relative_to(root).as_posix()] = file.read_text()
    return tree


def main():
    tree = read_tree(pathlib.Path(__file__).resolve().parent.parent)
    broken = set()
    for path, line, name, message in findings(tree):
        print(f"{path}:{line}: [{name}] {message}")
        broken.add(name)
    print(f"{len(RULES)} rules on {len(tree)} files")
    print(f"{len(RULES) - len(broken)} passed, {len(broken)} failed")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
