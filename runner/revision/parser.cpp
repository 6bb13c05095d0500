// read() and parse() of runner/revision/file.h: one pass over the file, in bounded memory.
#include <algorithm>
#include <utility>

#include "runner/error.h"
#include "runner/revision/file.h"
#include "runner/revision/header.h"
#include "runner/revision/marker.h"
#include "runner/revision/open_file.h"
#include "runner/sql/place.h"
#include "runner/sql/scanner.h"
#include "runner/text.h"

namespace steward::revision {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::size_t longest_excerpt = 64 * 1024;

class Parser {
 public:
  Parser(const sql::Source& source, const std::filesystem::path& path)
      : source_(source),
        window_([this](char* buffer, std::size_t size) { return read_checked(buffer, size); }) {
    file_.path = path;
  }

  File run();

 private:
  std::size_t read_checked(char* buffer, std::size_t size);
  void skip_byte_order_mark();
  void skip_line(std::string_view line);
  void header();
  void section();
  Section& begin_section(Marker& marker, std::uint64_t offset);
  void read_body(Section& section);
  void set_irreversible(Marker& marker, std::uint64_t offset);
  void check() const;
  void check_name() const;

  const sql::Source& source_;
  sql::Window window_;
  Utf8Check utf8_;
  Sha256 sha256_;
  File file_;
  std::uint64_t line_ = 1;
  bool at_marker_ = false;
  bool has_upgrade_ = false;
};

File Parser::run() {
  skip_byte_order_mark();
  header();
  while (at_marker_) section();
  check();
  return std::move(file_);
}

// Every byte is looked at as it comes, whatever it turns out to be part of.
std::size_t Parser::read_checked(char* buffer, std::size_t size) {
  std::size_t count = source_(buffer, size);
  if (count > 0 ? utf8_.feed({buffer, count}) : utf8_.finish()) return count;
  if (utf8_.nul())
    throw sql::Fault{"nul_byte", "a NUL byte", "no text of PostgreSQL can hold one: take it out",
                     utf8_.bad()};
  throw sql::Fault{"invalid_utf8", "text that is not UTF-8", "save the file as UTF-8", utf8_.bad()};
}

void Parser::skip_byte_order_mark() {
  while (window_.rest().size() < byte_order_mark.size() && window_.fill()) {
  }
  if (window_.rest().starts_with(byte_order_mark)) window_.at += byte_order_mark.size();
}

void Parser::skip_line(std::string_view line) {
  bool ended = line.size() < window_.rest().size();
  window_.at += line.size() + (ended ? 1 : 0);
  ++line_;
}

void Parser::header() {
  Header header(file_);
  for (;;) {
    std::string_view line = window_.line();
    if (line.empty() && window_.rest().empty()) return;
    if (!is_marker(line)) {
      header.take(line, window_.offset(), line_);
    } else {
      Marker marker = parse_marker(line, window_.offset());
      at_marker_ = marker.kind != MarkerKind::irreversible;
      if (at_marker_) return;
      set_irreversible(marker, window_.offset());
    }
    skip_line(line);
  }
}

void Parser::section() {
  std::string_view line = window_.line();
  const std::uint64_t offset = window_.offset();
  Marker marker = parse_marker(line, offset);
  skip_line(line);
  if (marker.kind != MarkerKind::irreversible) return read_body(begin_section(marker, offset));
  set_irreversible(marker, offset);
  Section nothing;
  read_body(nothing);
  if (!nothing.empty)
    throw sql::Fault{"text_after_irreversible", "statements after steward:irreversible",
                     "it has no body: write the statements above it, in their section", offset};
}

Section& Parser::begin_section(Marker& marker, std::uint64_t offset) {
  Section* section = &file_.upgrade;
  bool repeated = has_upgrade_;
  if (marker.kind == MarkerKind::upgrade) {
    has_upgrade_ = true;
  } else {
    auto& optional = marker.kind == MarkerKind::verify ? file_.verify : file_.downgrade;
    repeated = optional.has_value();
    section = &optional.emplace();
  }
  if (repeated)
    throw sql::Fault{"repeated_marker", "a second steward:" + std::string(name_of(marker.kind)), "",
                     offset};
  section->options = std::move(marker.options);
  return *section;
}

void Parser::read_body(Section& section) {
  section.offset = window_.offset();
  section.line = line_;
  sql::Scanner scanner(window_, sql::Cut::sections);
  Canonical canonical;
  auto hash = [this](std::string_view text) { sha256_.update(text); };
  sql::Piece piece = sql::Piece::end;
  std::string_view text;
  while ((piece = scanner.next(text)) != sql::Piece::end && piece != sql::Piece::directive) {
    canonical.feed(text, hash);
    line_ += count_line_ends(text);
    if (piece != sql::Piece::part) section.plain = false;
  }
  hash(canonical.finish());
  section.checksum = sha256_.hex();
  section.length = window_.offset() - section.offset;
  section.empty = scanner.statements() == 0;
  at_marker_ = piece == sql::Piece::directive;
  if (at_marker_ && !scanner.directive_alone())
    throw sql::Fault{"marker_not_alone", "a marker that does not have its line for itself",
                     "begin a new line before it", window_.offset()};
}

void Parser::set_irreversible(Marker& marker, std::uint64_t offset) {
  if (file_.irreversible)
    throw sql::Fault{"repeated_marker", "a second steward:irreversible", "", offset};
  file_.irreversible = std::move(marker.reason);
}

void Parser::check() const {
  if (file_.id.empty())
    throw sql::Fault{
        "no_revision_id", "the header names no revision",
        "write -- revision: " + file_.path.stem().string().substr(0, 12) + " as the first line", 0};
  check_name();
  if (!has_upgrade_)
    throw sql::Fault{"no_upgrade_section", "there is no upgrade section",
                     "write -- steward:upgrade above the upgrade's statements", 0};
  if (file_.irreversible && file_.downgrade)
    throw sql::Fault{"irreversible_downgrade",
                     "the revision is irreversible and has a downgrade section",
                     "take out one of the two", file_.downgrade->offset - 1};
}

void Parser::check_name() const {
  std::string stem = file_.path.stem().string();
  if (stem == file_.id || stem.starts_with(file_.id + '_')) return;
  throw sql::Fault{
      "file_name_differs",
      "the file's name does not begin with its revision's id \"" + file_.id + '"',
      "rename the file to " + file_.id + '_' + slug(file_.message) + ".sql, or correct the header",
      0};
}

// Reads the source again up to the fault: only then is its line worth knowing.
Place locate(const sql::Source& source, std::uint64_t offset, const std::string& file) {
  sql::Window window(source);
  std::string before;  // on the fault's line
  std::uint64_t line = 1;
  while (window.offset() < offset && (!window.rest().empty() || window.fill())) {
    std::string_view text = window.rest();
    text = text.substr(0, static_cast<std::size_t>(
                              std::min<std::uint64_t>(offset - window.offset(), text.size())));
    window.at += text.size();
    line += count_line_ends(text);
    std::size_t line_end = text.rfind('\n');
    if (line_end != std::string_view::npos) before.clear();
    if (before.size() < longest_excerpt) before += text.substr(line_end + 1);
  }
  while (window.rest().size() < longest_excerpt &&
         window.rest().find('\n') == std::string_view::npos && window.fill()) {
  }
  if (line == 1 && before.starts_with(byte_order_mark)) before.erase(0, byte_order_mark.size());
  std::size_t at = before.size();
  before += window.rest().substr(0, window.rest().find('\n'));
  return sql::place_in(before, at, file, line);
}

}  // namespace

File read(const sql::Source& source, const std::filesystem::path& path, const SourceMaker& again) {
  try {
    return Parser(source, path).run();
  } catch (const sql::Fault& fault) {
    throw sql::error_at(fault, locate(again(), fault.offset, path.string()));
  }
}

File read(const std::filesystem::path& path) {
  return read(source_of_file(path), path, [&] { return source_of_file(path); });
}

File parse(std::string_view text, const std::filesystem::path& path) {
  return read(sql::source_of(text), path, [&] { return sql::source_of(text); });
}

}  // namespace steward::revision
