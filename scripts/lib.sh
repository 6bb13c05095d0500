# What the scripts share; sourced from the root of the checkout. POSIX sh.
# shellcheck shell=sh
export LC_ALL=C.UTF-8
unset PGHOST PGPORT PGUSER PGDATABASE PGSERVICE PGOPTIONS PGPASSWORD

log_dir=build/log
mkdir -p "$log_dir"

# --- What a person sees --------------------------------------------------------------------------------

phase_number=0
# phase TITLE: says what begins now. phase_total, when set, tells how many there are.
phase() {
  phase_number=$((phase_number + 1))
  printf '[%s%s] %s\n' "$phase_number" "${phase_total:+/$phase_total}" "$1"
}

say() { printf '      %s\n' "$*"; }

# fail MESSAGE [WHAT TO DO NEXT]: ends the script.
fail() {
  printf '\nerror: %s\n' "$1" >&2
  [ $# -lt 2 ] || printf 'hint: %s\n' "$2" >&2
  exit 1
}

# quietly NAME HINT COMMAND...: runs the command with its output in build/log/NAME.log. On a terminal the
# log's last line moves along meanwhile. When it fails, shows the end of the log and the hint, and ends the
# script.
quietly() {
  name=$1 hint=$2 log=$log_dir/$1.log
  shift 2
  begun=$(date +%s)
  if [ -t 1 ]; then watch_log "$log" & watcher=$!; fi
  if "$@" >"$log" 2>&1 </dev/null; then code=0; else code=$?; fi
  if [ -t 1 ]; then
    kill "$watcher" 2>/dev/null || :
    wait "$watcher" 2>/dev/null || :
    printf '\r\033[K'
  fi
  if [ "$code" -ne 0 ]; then
    tail -n 30 "$log" >&2
    fail "$name failed (exit code $code); the whole log is $log" "$hint"
  fi
  say "done in $(($(date +%s) - begun)) s"
}

# Draws the last line of a log again and again, until it is killed or the script is gone.
watch_log() {
  while sleep 1 && kill -0 $$ 2>/dev/null; do
    printf '\r\033[K      %s' "$(tail -n 1 "$1" 2>/dev/null | tr -d '\r\033' | cut -c 1-70)"
  done
}

# --- Packages ------------------------------------------------------------------------------------------

# The distribution and its release, as scripts/packages spells them: debian-12, debian-sid, ubuntu-24.04.
release_key() {
  [ -r /etc/os-release ] || { echo unknown && return; }
  # A subshell, so that its variables stay there.
  (. /etc/os-release && echo "${ID:-unknown}-${VERSION_ID:-sid}")
}

# packages_of SET...: their packages here, one a line. Nothing for a distribution that is not listed.
packages_of() {
  for set in "$@"; do
    awk -v set="$set" -v release="$(release_key)" '
      /^#/ || $1 != set || ($2 != "*" && $2 != release) { next }
      { for (i = 3; i <= NF; ++i) print $i }' scripts/packages
  done
}

is_supported_release() { grep -q "^server  *$(release_key) " scripts/packages; }

# installed_version PACKAGE: nothing when it is not installed.
installed_version() {
  dpkg-query -W -f='${db:Status-Status} ${Version}\n' "$1" 2>/dev/null | sed -n 's/^installed //p'
}

# missing_packages SET...: those not installed, and the server with its headers when their minor releases differ.
missing_packages() {
  for package in $(packages_of "$@"); do
    [ -n "$(installed_version "$package")" ] || echo "$package"
  done
  case " $* " in
    *' server '*) mismatched_server ;;
  esac
}

# The server's inlines change between minor releases: an extension is compiled with the headers of its server.
mismatched_server() {
  # shellcheck disable=SC2046
  set -- $(packages_of server)
  server=$(installed_version "${1:-}") headers=$(installed_version "${2:-}")
  [ -z "$server" ] || [ -z "$headers" ] || [ "$server" = "$headers" ] || printf '%s\n' "$1" "$2"
}

# as_root COMMAND...: directly or through sudo.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# need SET...: installs what is missing of these sets; does nothing, and asks for nothing, when all is there.
need() {
  if ! is_supported_release; then
    say "$(release_key) is not among the distributions that scripts/packages knows: nothing is installed"
    need_commands g++ make cmake ninja pg_config
    return
  fi
  # shellcheck disable=SC2046
  set -- $(missing_packages "$@" | sort -u)
  [ $# -gt 0 ] || { say 'all there' && return; }
  say "installing $*"
  ask_for_root "$@"
  quietly packages "look at the log; then run: apt-get install $*" install_packages "$@"
}

# ask_for_root PACKAGE...: lets sudo ask for its password while a person can see it ask.
ask_for_root() {
  [ "$(id -u)" != 0 ] || return 0
  command -v sudo >/dev/null ||
    fail 'packages are missing, and there is no sudo to install them with' "as root, run: apt-get install $*"
  if [ -t 0 ]; then sudo -v; else sudo -n true; fi ||
    fail 'packages are missing, and sudo does not let you install them' "as root, run: apt-get install $*"
}

# A subshell, for the sake of its trap.
install_packages() (
  # An update that fails (no network) need not matter: the lists at hand may do.
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q update || :
  trap 'as_root rm -f "$no_cluster"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  as_root mkdir -p "${no_cluster%/*}"
  echo 'create_main_cluster = false' | as_root tee "$no_cluster" >/dev/null
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends \
    -o DPkg::Lock::Timeout=300 install "$@"
)

# Installing a server on Debian also makes and starts a cluster of its own, on port 5432, which nobody asked
# for here. This setting, there during the installation only, prevents it.
no_cluster=/etc/postgresql-common/createcluster.d/pg-steward.conf

need_commands() {
  for program in "$@"; do
    command -v "$program" >/dev/null ||
      fail "$program is missing" "install what scripts/packages lists, under your distribution's names, and run this again"
  done
}

# --- Building ------------------------------------------------------------------------------------------

jobs=$(nproc 2>/dev/null || echo 2)

# Finds the server to build for: sets PG_CONFIG (yours is kept), pg_bin and pg_version, its major version.
find_server() {
  if [ -z "${PG_CONFIG:-}" ]; then
    major=$(packages_of server | sed -n '1s/.*-//p')
    PG_CONFIG=/usr/lib/postgresql/$major/bin/pg_config
    [ -x "$PG_CONFIG" ] || PG_CONFIG=pg_config
  fi
  command -v "$PG_CONFIG" >/dev/null || fail "$PG_CONFIG is missing" 'set PG_CONFIG to the pg_config of your server'
  export PG_CONFIG
  pg_bin=$("$PG_CONFIG" --bindir)
  pg_version=$("$PG_CONFIG" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
  [ -x "$pg_bin/postgres" ] ||
    fail "there is no server in $pg_bin" 'install the server that belongs to pg_config, or set PG_CONFIG to another'
}

# as_server COMMAND...: runs it as the user that a private server runs as, which is never root.
as_server() {
  if [ "$(id -u)" = 0 ]; then
    setpriv --reuid="$(server_user)" --regid="$(id -g "$(server_user)")" --clear-groups env HOME=/ "$@"
  else
    "$@"
  fi
}
server_user() { if id postgres >/dev/null 2>&1; then echo postgres; else echo nobody; fi; }

# Builds the extension and installs it under build/stage, where a private server looks for it.
build_extension() {
  make -j"$jobs" ${ccache:+CXX="ccache g++"} && make -s install DESTDIR="$PWD/build/stage"
}
stage=build/stage

# build_runner DIRECTORY TARGET [CMAKE OPTION...]
build_runner() {
  directory=$1 target=$2
  shift 2
  cmake -S . -B "$directory" -G Ninja ${ccache:+-DCMAKE_CXX_COMPILER_LAUNCHER=ccache} "$@" &&
    cmake --build "$directory" -j "$jobs" --target "$target"
}
ccache=$(command -v ccache || :)
