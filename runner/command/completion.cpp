#include "runner/command/completion.h"

#include <array>
#include <string_view>

namespace steward::command {
namespace {

struct Shell {
  std::string_view name;
  std::string_view script;
};

// readline cuts words at `:`, `@` and `=` and replaces only what is behind the last of them.
constexpr std::string_view bash = R"sh(# steward's words for bash: eval "$(steward completion bash)"
_steward() {
  local typed=${COMP_LINE:0:COMP_POINT} words word about
  read -ra words <<<"$typed"
  [[ $typed == *[[:space:]] ]] && words+=("")
  word=${words[${#words[@]}-1]}
  local breaks=${COMP_WORDBREAKS//[^:@=]/} kept=
  [[ -n $breaks && $word == *[$breaks]* ]] && kept=${word%"${word##*[$breaks]}"}
  COMPREPLY=()
  while IFS=$'\t' read -r word about; do
    if [[ $word == :files ]]; then
      compopt -o filenames 2>/dev/null
      while read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "${words[${#words[@]}-1]}")
    else
      COMPREPLY+=("${word#"$kept"}")
    fi
  done < <("${words[0]}" completion words "${words[@]:1}" 2>/dev/null)
}
complete -F _steward steward
)sh";

constexpr std::string_view zsh =
    R"sh(#compdef steward
# steward's words for zsh: source <(steward completion zsh), or a file _steward on fpath
_steward() {
  local -a found
  local word about
  while IFS=$'\t' read -r word about; do
    if [[ $word == :files ]]; then
      _files
    else
      found+=("${word//:/\\:}:$about")
    fi
  done < <("${words[1]}" completion words "${(@)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)
  if (( $#found )); then _describe -t words word found; fi
}
if [[ $funcstack[1] == _steward ]]; then _steward "$@"; else compdef _steward steward; fi
)sh";

constexpr std::string_view fish =
    R"sh(# steward's words for fish: steward completion fish | source
function __steward_words
  set -l typed (commandline -opc)
  set -l last (commandline -ct)
  set -l program $typed[1]
  set -e typed[1]
  for line in (command $program completion words $typed "$last" 2>/dev/null)
    if test "$line" = :files
      __fish_complete_path "$last"
    else
      echo $line
    end
  end
end
complete -c steward -f -a '(__steward_words)'
)sh";

constexpr std::array shells = {Shell{"bash", bash}, Shell{"zsh", zsh}, Shell{"fish", fish}};

}  // namespace

Exit completion(Session& session, const CompletionOptions& options) {
  for (const Shell& shell : shells) {
    if (shell.name != options.shell) continue;
    session.output().text(shell.script);
    session.output().object(
        {{"verb", "completion"}, {"shell", shell.name}, {"script", shell.script}});
    return Exit::done;
  }
  throw Error(Exit::usage, "unknown_shell", "no completion for the shell \"" + options.shell + "\"",
              "known: bash, zsh, fish", "eval \"$(steward completion bash)\"");
}

}  // namespace steward::command
