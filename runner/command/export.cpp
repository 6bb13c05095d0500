#include "runner/command/export.h"

#include <filesystem>

#include "runner/command/listing.h"
#include "runner/export/export.h"
#include "runner/import/import.h"
#include "runner/revision/directory.h"
#include "runner/revision/rewrite.h"

namespace steward::command {
namespace {

namespace fs = std::filesystem;
using exporter::Exported;
using exporter::OutFile;

bool is_there(const fs::path& path, const std::string& text) {
  if (!fs::exists(path)) return false;
  if (revision::read_whole(path) == text) return true;
  throw Error(Exit::usage, "would_overwrite",
              "file \"" + path.string() + "\" is there already, and is not the same", "",
              "export into an empty directory");
}

// All are looked at before the first is written.
std::vector<fs::path> write(const Exported& exported, const fs::path& directory) {
  std::vector<const OutFile*> missing;
  for (const OutFile& file : exported.files)
    if (!is_there(directory / file.path, file.text)) missing.push_back(&file);
  std::vector<fs::path> written;
  for (const OutFile* file : missing) {
    const fs::path path = directory / file->path;
    fs::create_directories(path.parent_path());
    revision::write_out(path, file->text, 0666);
    written.push_back(path);
  }
  return written;
}

Json notices_object(const std::vector<exporter::Notice>& notices) {
  Json list = Json::array();
  for (const exporter::Notice& notice : notices)
    list.push_back({{"file", notice.place.file}, {"text", notice.text}});
  return list;
}

}  // namespace

Exit export_to(Session& session, const ExportOptions& options) {
  const Exported exported = exporter::exported(importer::tool_of(options.tool), session.project(),
                                               variables::parse(options.variables));
  const std::vector<fs::path> written = write(exported, options.path);
  report::Output& output = session.output();
  for (const exporter::Notice& notice : exported.notices)
    output.note("note: " + (notice.place.file.empty() ? "" : notice.place.file + ": ") +
                notice.text);
  output.say(counted(session.project().files().size(), "revision") + " exported to " +
             options.path + " for " + options.tool + ": " + counted(written.size(), "new file"));
  Json files = Json::array();
  for (const fs::path& path : written) files.push_back(path.string());
  output.object({{"verb", "export"},
                 {"tool", options.tool},
                 {"files", files},
                 {"unchanged", exported.files.size() - written.size()},
                 {"notices", notices_object(exported.notices)}});
  return Exit::done;
}

}  // namespace steward::command
