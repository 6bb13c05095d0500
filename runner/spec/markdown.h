// The blocks of a Markdown page, in order, each with its lines: the one door to md4c. It says where
// a table is and how many rows it has, never what is in a cell. Blocks within lists and quotes are
// not told of. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace steward::spec {

enum class BlockKind { heading, paragraph, table, code };

struct MarkdownBlock {
  BlockKind kind;
  std::size_t line = 0;   // its first one, counted from 0: of a table its header, of code its fence
  std::size_t count = 1;  // lines: of a table with the header and the ---, of code without fences
  int level = 0;          // of a heading
  std::string text;       // of a heading and of a paragraph, as it stands there
  std::string language;   // of code: the fence's first word
};

// Lines without their ends (LF, CR LF or, as Markdown has it, CR alone); a BOM is dropped.
std::vector<std::string> lines_of(std::string_view text);

std::vector<MarkdownBlock> blocks_of(const std::vector<std::string>& lines);

}  // namespace steward::spec
