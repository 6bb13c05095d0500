#include "runner/spec/markdown.h"

#include <md4c.h>

#include <algorithm>
#include <optional>

#include "runner/text.h"

namespace steward::spec {
namespace {

constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

// Listens to md4c. A block's place is that of its first text that points into the page: md4c tells
// of no other.
class Listener {
 public:
  Listener(const std::string& page, const std::vector<std::string>& lines)
      : page_(page), lines_(lines) {
    std::size_t at = 0;
    for (const std::string& line : lines) {
      starts_.push_back(at);
      at += line.size() + 1;
    }
  }

  void enter(MD_BLOCKTYPE type, void* detail) {
    if (type == MD_BLOCK_TBODY) in_body_ = true;
    if (type == MD_BLOCK_TR && in_body_ && current_) ++rows_;
    if (++depth_ != 2) return;  // the page itself is the first
    first_ = nowhere;
    rows_ = line_ends_ = before_ = 0;
    current_ = block_of(type, detail);
  }

  void leave(MD_BLOCKTYPE type) {
    if (type == MD_BLOCK_TBODY) in_body_ = false;
    if (--depth_ != 1 || !current_) return;
    if (first_ != nowhere) finish();
    current_.reset();
  }

  void text(const char* begin, std::size_t size) {
    const bool ours = begin >= page_.data() && begin <= page_.data() + page_.size();
    if (ours && first_ == nowhere) {
      first_ = line_at(static_cast<std::size_t>(begin - page_.data()));
      before_ = line_ends_;
    }
    line_ends_ += count_line_ends({begin, size});
  }

  std::vector<MarkdownBlock> blocks;

 private:
  static std::optional<MarkdownBlock> block_of(MD_BLOCKTYPE type, void* detail) {
    MarkdownBlock block{BlockKind::paragraph, 0, 1, 0, {}, {}};
    if (type == MD_BLOCK_H) {
      block.kind = BlockKind::heading;
      block.level = static_cast<int>(static_cast<MD_BLOCK_H_DETAIL*>(detail)->level);
    } else if (type == MD_BLOCK_TABLE) {
      block.kind = BlockKind::table;
    } else if (type == MD_BLOCK_CODE) {
      block.kind = BlockKind::code;
      const MD_ATTRIBUTE& language = static_cast<MD_BLOCK_CODE_DETAIL*>(detail)->lang;
      block.language = lower({language.text, language.size});
    } else if (type != MD_BLOCK_P) {
      return std::nullopt;
    }
    return block;
  }

  std::size_t line_at(std::size_t offset) const {
    return static_cast<std::size_t>(std::upper_bound(starts_.begin(), starts_.end(), offset) -
                                    starts_.begin() - 1);
  }

  void finish() {
    current_->line = first_;
    if (current_->kind == BlockKind::table) current_->count = rows_ + 2;
    if (current_->kind == BlockKind::heading) finish_heading();
    if (current_->kind == BlockKind::paragraph) finish_paragraph();
    if (current_->kind == BlockKind::code) {
      current_->line = first_ - before_ - 1;
      current_->count = line_ends_;
    }
    blocks.push_back(std::move(*current_));
  }

  // "## Title ##", or the title with a line of = or - below it.
  void finish_heading() {
    std::string_view title = trim(lines_[first_]);
    if (title.starts_with('#')) {
      title.remove_prefix(title.find_first_not_of('#'));
      const std::size_t last = title.find_last_not_of('#');
      if (last != title.npos && last + 1 < title.size() && is_space(title[last]))
        title = title.substr(0, last);
    } else {
      current_->count = 2 + line_ends_;
    }
    current_->text = trim(title);
  }

  void finish_paragraph() {
    current_->count = line_ends_ + 1;
    for (std::size_t at = first_; at < first_ + current_->count && at < lines_.size(); ++at)
      current_->text += (at == first_ ? "" : "\n") + std::string(trim(lines_[at]));
  }

  const std::string& page_;
  const std::vector<std::string>& lines_;
  std::vector<std::size_t> starts_;
  std::optional<MarkdownBlock> current_;
  int depth_ = 0;
  bool in_body_ = false;
  std::size_t first_ = nowhere;  // line
  std::size_t rows_ = 0;
  std::size_t line_ends_ = 0;
  std::size_t before_ = 0;  // line ends before the first text of the page
};

MD_PARSER parser() {
  MD_PARSER parser{};
  parser.flags = MD_FLAG_TABLES | MD_FLAG_NOHTMLBLOCKS | MD_FLAG_NOINDENTEDCODEBLOCKS;
  parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* listener) {
    static_cast<Listener*>(listener)->enter(type, detail);
    return 0;
  };
  parser.leave_block = [](MD_BLOCKTYPE type, void*, void* listener) {
    static_cast<Listener*>(listener)->leave(type);
    return 0;
  };
  parser.enter_span = [](MD_SPANTYPE, void*, void*) { return 0; };
  parser.leave_span = [](MD_SPANTYPE, void*, void*) { return 0; };
  parser.text = [](MD_TEXTTYPE, const MD_CHAR* text, MD_SIZE size, void* listener) {
    static_cast<Listener*>(listener)->text(text, size);
    return 0;
  };
  return parser;
}

}  // namespace

std::vector<std::string> lines_of(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
    text.remove_prefix(text.starts_with("\r\n") ? 2 : text.empty() ? 0 : 1);
  }
  return lines;
}

std::vector<MarkdownBlock> blocks_of(const std::vector<std::string>& lines) {
  const std::string page = joined(lines, "\n") + "\n";
  Listener listener(page, lines);
  const MD_PARSER told = parser();
  md_parse(page.data(), static_cast<MD_SIZE>(page.size()), &told, &listener);
  return std::move(listener.blocks);
}

}  // namespace steward::spec
