#include "graph/kv/file_check.h"

#include <bit>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <set>
#include <unistd.h>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include <sys/stat.h>

#include "graph/base/descriptor.h"
#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/kv/lmdb_error.h"

namespace guanxi::kv {
namespace {

// The file format of LMDB 0.9 on 64 bits, fixed since 2013.
static_assert(std::endian::native == std::endian::little);
constexpr uint32_t kMagic = 0xBEEFC0DE;
constexpr uint32_t kSwappedMagic = 0xDEC0EFBE;
constexpr uint32_t kVersion = 1;
constexpr uint32_t kMaxPageBytes = 1 << 16;
constexpr uint64_t kNoPage = ~uint64_t{0};
constexpr uint16_t kBranchPage = 1;
constexpr uint16_t kLeafPage = 2;
constexpr uint16_t kValueOnOwnPages = 1;

struct PageHeader {
  uint64_t page;
  uint16_t pad;
  uint16_t flags;
  uint16_t lower;
  uint16_t upper;
};

struct Node {
  uint16_t low;
  uint16_t middle;
  uint16_t flags;
  uint16_t key_bytes;

  uint64_t ValueBytes() const { return low | uint64_t{middle} << 16; }
  uint64_t Child() const { return ValueBytes() | uint64_t{flags} << 32; }
};

struct Tree {
  uint32_t page_bytes;  // in the tree of free pages; unused in others
  uint16_t flags;
  uint16_t depth;
  uint64_t counts[4];
  uint64_t root;
};

struct Meta {
  PageHeader header;
  uint32_t magic;
  uint32_t version;
  uint64_t address;
  uint64_t map_bytes;
  Tree free_tree;
  Tree main_tree;
  uint64_t last_page;
  uint64_t txn_id;
};
static_assert(sizeof(Meta) == 152 && sizeof(Node) == 8);

// Copies a T out of `bytes`, or nothing if it does not lie within.
template <typename T>
std::optional<T> At(absl::string_view bytes, uint64_t offset) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) {
    return std::nullopt;
  }
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

class File {
 public:
  explicit File(const std::string& path)
      : file_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}

  int fd() const { return file_.get(); }

  // Fewer bytes than asked for at the end of the file and after an error.
  std::string Read(uint64_t offset, uint64_t bytes) const {
    std::string result(bytes, '\0');
    const ssize_t got =
        pread(fd(), result.data(), bytes, static_cast<off_t>(offset));
    result.resize(got < 0 ? 0 : static_cast<size_t>(got));
    return result;
  }

 private:
  const Descriptor file_;
};

// Collects the free pages from `first` to `last` that a file lists.
class FreePages {
 public:
  FreePages(const File& file, uint32_t page_bytes, uint64_t first,
            uint64_t last)
      : file_(file), page_bytes_(page_bytes), first_(first), last_(last) {}

  // Returns how many there are, or nothing if the list is damaged.
  std::optional<uint64_t> Count(uint64_t root) {
    if (root == kNoPage) return 0;
    to_visit_ = {root};
    for (uint64_t visits = 0; !to_visit_.empty(); ++visits) {
      const uint64_t page = to_visit_.back();
      to_visit_.pop_back();
      if (page >= first_ || visits >= first_ || !Visit(page)) return {};
      if (to_visit_.size() > first_) return {};
    }
    return found_.size();
  }

 private:
  bool Visit(uint64_t number) {
    const std::string page = file_.Read(number * page_bytes_, page_bytes_);
    const auto header = At<PageHeader>(page, 0);
    if (page.size() != page_bytes_ || header->page != number) return false;
    const bool is_leaf = header->flags == kLeafPage;
    if (!is_leaf && header->flags != kBranchPage) return false;
    for (uint64_t at = sizeof(PageHeader); at < header->lower; at += 2) {
      const auto offset = At<uint16_t>(page, at);
      if (!offset.has_value()) return false;
      const auto node = At<Node>(page, *offset);
      if (!node.has_value()) return false;
      if (!is_leaf) {
        to_visit_.push_back(node->Child());
      } else if (!CollectValue(page, *offset, *node)) {
        return false;
      }
    }
    return true;
  }

  bool CollectValue(absl::string_view page, uint64_t offset, const Node& node) {
    const uint64_t begin = offset + sizeof(Node) + node.key_bytes;
    if ((node.flags & kValueOnOwnPages) == 0) {
      if (begin > page.size()) return false;
      return Collect(page.substr(begin, node.ValueBytes()));
    }
    const auto number = At<uint64_t>(page, begin);
    if (!number.has_value() || *number >= first_) return false;
    if (node.ValueBytes() > (first_ - *number) * page_bytes_) return false;
    return Collect(file_.Read(*number * page_bytes_ + sizeof(PageHeader),
                              node.ValueBytes()));
  }

  // `list` is a count and then that many page numbers.
  bool Collect(absl::string_view list) {
    const auto count = At<uint64_t>(list, 0);
    if (!count.has_value() || *count > list.size() / 8 - 1) return false;
    for (uint64_t i = 1; i <= *count; ++i) {
      const uint64_t page = *At<uint64_t>(list, i * 8);
      if (page >= first_ && page <= last_) found_.insert(page);
    }
    return true;
  }

  const File& file_;
  const uint64_t page_bytes_;
  const uint64_t first_;
  const uint64_t last_;
  std::vector<uint64_t> to_visit_;
  std::set<uint64_t> found_;
};

absl::Status Damaged(const std::string& path, absl::string_view why) {
  return MakeError(
      absl::StatusCode::kDataLoss, "STORE_DAMAGED",
      absl::StrCat("the store file '", path, "' ", why,
                   "; restore it from a backup, or move it away to start anew"),
      {{"path", path}, {"cause", why}});
}

absl::Status Unusable(const std::string& path, absl::string_view why) {
  return MakeError(absl::StatusCode::kFailedPrecondition, "STORE_UNUSABLE",
                   absl::StrCat("'", path, "' ", why),
                   {{"path", path}, {"cause", why}});
}

absl::Status CheckFormat(const std::string& path,
                         const std::optional<Meta>& meta) {
  constexpr uint64_t kMagicOffset = sizeof(PageHeader);
  static_assert(kMagicOffset == 16);
  if (!meta.has_value() ||
      (meta->magic != kMagic && meta->magic != kSwappedMagic)) {
    return Unusable(path, "is not a store of guanxi; check the path");
  }
  if (meta->magic == kSwappedMagic) {
    return Unusable(path,
                    "was written on a machine with another byte order; export "
                    "it there and import it here");
  }
  if (meta->version != kVersion) {
    return Unusable(path, absl::StrCat("has version ", meta->version,
                                       " of the file format, expected ",
                                       kVersion, "; use another guanxi"));
  }
  const uint32_t page_bytes = meta->free_tree.page_bytes;
  if (!std::has_single_bit(page_bytes) || page_bytes < sizeof(Meta) ||
      page_bytes > kMaxPageBytes) {
    return Damaged(path, "has no sound header");
  }
  return absl::OkStatus();
}

absl::Status CheckLength(const std::string& path, const File& file,
                         uint64_t file_bytes, const Meta& meta) {
  const uint32_t page_bytes = meta.free_tree.page_bytes;
  const uint64_t pages = file_bytes / page_bytes;
  if (meta.last_page < pages) return absl::OkStatus();
  FreePages listed(file, page_bytes, pages, meta.last_page);
  if (listed.Count(meta.free_tree.root) == meta.last_page - pages + 1) {
    return absl::OkStatus();
  }
  return Damaged(path, absl::StrCat("is cut short: it has ", pages,
                                    " pages of ", meta.last_page + 1));
}

}  // namespace

absl::Status CheckFile(const std::string& path) {
  const File file(path);
  if (file.fd() < 0)
    return FromLmdb(errno, absl::StrCat("open of '", path, "'"));
  struct stat info = {};
  if (fstat(file.fd(), &info) != 0) {
    return FromLmdb(errno, absl::StrCat("fstat of '", path, "'"));
  }
  if (!S_ISREG(info.st_mode)) {
    return Unusable(path, "is not a file; expected the path of a store file");
  }
  if (info.st_size == 0) return Damaged(path, "is empty");
  const auto first = At<Meta>(file.Read(0, sizeof(Meta)), 0);
  RETURN_IF_ERROR(CheckFormat(path, first));
  // The header stands twice; commits write to one and the other in turn.
  const auto second =
      At<Meta>(file.Read(first->free_tree.page_bytes, sizeof(Meta)), 0);
  if (!second.has_value()) return Damaged(path, "is cut short");
  RETURN_IF_ERROR(CheckFormat(path, second));
  if (second->free_tree.page_bytes != first->free_tree.page_bytes) {
    return Damaged(path, "has two headers that differ");
  }
  const Meta& latest = first->txn_id < second->txn_id ? *second : *first;
  return CheckLength(path, file, static_cast<uint64_t>(info.st_size), latest);
}

}  // namespace guanxi::kv
