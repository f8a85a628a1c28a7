# Shared by the scripts beside it; sourced, never run.

say() { printf '\n== %s\n' "$*"; }

# install PACKAGE...: Debian packages, when we may.
install() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return 1
  say "installing $*"
  [ -n "${APT_UPDATED:-}" ] || apt-get update -qq || true
  APT_UPDATED=1
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# need COMMAND PACKAGE...: the packages, when the command is missing.
need() {
  local command=$1
  shift
  command -v "$command" >/dev/null 2>&1 || install "$@" || { echo "$command is missing; install $*" >&2; return 1; }
}

# What a build needs besides Rust. npm is wanted for the GraphiQL page only, so doing without is no failure.
need_build_tools() {
  need cc build-essential
  need pkg-config pkg-config
  need npm nodejs npm || echo "going on without npm: the GraphiQL page will say what it lacks" >&2
}

# The folder of PostgreSQL's server programs; nothing when there are none.
postgres_programs() {
  local folder
  for folder in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV) "$(dirname "$(command -v postgres 2>/dev/null || echo /nowhere/x)")"; do
    if [ -x "$folder/postgres" ] && [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ]; then
      echo "$folder"
      return 0
    fi
  done
  return 1
}

# start_postgres: a server of our own in a temporary folder, reachable by a socket there and by no network; sets POSTGRES_URL. It is
# quick and forgets at a power cut, unless POSTGRES_OPTIONS says otherwise.
# PostgreSQL refuses to run as root, so root lends it another user.
start_postgres() {
  local programs
  postgres_programs >/dev/null || install postgresql || true
  programs=$(postgres_programs) || return 1
  POSTGRES_FOLDER=$(mktemp -d)
  POSTGRES_PROGRAMS=$programs
  AS=()
  if [ "$(id -u)" = 0 ]; then
    local user=postgres
    id "$user" >/dev/null 2>&1 || user=nobody
    chown "$user" "$POSTGRES_FOLDER"
    AS=(setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups env HOME="$POSTGRES_FOLDER")
  fi
  local options="-c listen_addresses= -c unix_socket_directories=$POSTGRES_FOLDER -c max_connections=300"
  options="$options ${POSTGRES_OPTIONS:--c fsync=off -c synchronous_commit=off -c full_page_writes=off}"
  (cd "$POSTGRES_FOLDER" && "${AS[@]}" "$programs/initdb" -D "$POSTGRES_FOLDER/data" -U deskgraph -A trust -E UTF8 --locale=C --no-sync >"$POSTGRES_FOLDER/initdb.log" 2>&1) \
    || { cat "$POSTGRES_FOLDER/initdb.log" >&2; return 1; }
  (cd "$POSTGRES_FOLDER" && "${AS[@]}" "$programs/pg_ctl" -D "$POSTGRES_FOLDER/data" -l "$POSTGRES_FOLDER/server.log" -w -o "$options" start >/dev/null) \
    || { cat "$POSTGRES_FOLDER/server.log" >&2; return 1; }
  chmod 755 "$POSTGRES_FOLDER"
  POSTGRES_URL="postgres://deskgraph@localhost/postgres?host=$POSTGRES_FOLDER"
}

stop_postgres() {
  [ -n "${POSTGRES_FOLDER:-}" ] || return 0
  (cd "$POSTGRES_FOLDER" && "${AS[@]}" "$POSTGRES_PROGRAMS/pg_ctl" -D "$POSTGRES_FOLDER/data" -m immediate stop >/dev/null 2>&1) || true
  rm -rf "$POSTGRES_FOLDER"
  POSTGRES_FOLDER=
}

# run_tests LABEL ARGUMENTS...: runs tests, by nextest where it is installed, and adds to PASSED and FAILED.
PASSED=0
FAILED=0
run_tests() {
  local label=$1 log status=0
  shift
  log=$(mktemp)
  say "tests: $label"
  if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run --workspace --locked --no-fail-fast --hide-progress-bar "$@" 2>&1 | tee "$log" || status=$?
    local summary
    summary=$(grep -E '^ *Summary' "$log" | tail -n 1)
    PASSED=$((PASSED + $(count "$summary" passed)))
    local failed=$(($(count "$summary" failed) + $(count "$summary" 'timed out')))
    FAILED=$((FAILED + failed))
    [ "$status" = 0 ] || [ "$failed" -gt 0 ] || FAILED=$((FAILED + 1))
  else
    cargo test --workspace --locked --no-fail-fast "$@" 2>&1 | tee "$log" || status=$?
    local line failed=0
    while read -r line; do
      PASSED=$((PASSED + $(count "$line" passed)))
      failed=$((failed + $(count "$line" failed)))
    done < <(grep -E '^test result:' "$log")
    FAILED=$((FAILED + failed))
    [ "$status" = 0 ] || [ "$failed" -gt 0 ] || FAILED=$((FAILED + 1))
  fi
  rm -f "$log"
}

# run_frontend_tests: what frontend teams do, by npm's packages in the versions of the lock; adds to PASSED and FAILED.
# Fails where the packages are not to be had; without npm and Node 20 it only says so, except to CI.
run_frontend_tests() {
  say "tests: frontend"
  if ! command -v npm >/dev/null 2>&1 || ! node --eval 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)'; then
    echo "npm or Node 20 is not installed and could not be; the frontend tests did not run"
    [ -z "${CI:-}" ] || FAILED=$((FAILED + 1))
    return 0
  fi
  local log
  log=$(mktemp)
  if need curl curl && cargo build --quiet --locked \
    && (cd tests/frontend && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) \
    && (cd tests/frontend && npm test --silent) 2>&1 | tee "$log"; then
    PASSED=$((PASSED + $(node_count "$log" pass)))
  else
    PASSED=$((PASSED + $(node_count "$log" pass)))
    local failed=$(($(node_count "$log" fail) + $(node_count "$log" cancelled)))
    FAILED=$((FAILED + (failed > 0 ? failed : 1)))
  fi
  rm -f "$log"
}

# node_count LOG WORD: the number behind a word of the summary that node's test runner prints.
node_count() {
  local found
  found=$(sed -nE "s/^[^ ]+ $2 ([0-9]+)\$/\\1/p" "$1" | tail -n 1)
  echo "${found:-0}"
}

# check_compose: docker-compose.yml as Docker's own tool reads it, which needs no engine; and that it has no default secrets.
check_compose() {
  local compose=(docker compose)
  if ! docker compose version >/dev/null 2>&1; then
    need docker-compose docker-compose || return 1
    compose=(docker-compose)
  fi
  local nothing status=0
  nothing=$(mktemp)
  compose+=(--env-file "$nothing" --file docker-compose.yml config --quiet)
  DESKGRAPH_SIGNING_KEY=secret POSTGRES_PASSWORD=secret "${compose[@]}" || status=1
  if env -u DESKGRAPH_SIGNING_KEY POSTGRES_PASSWORD=secret "${compose[@]}" 2>/dev/null \
    || env -u POSTGRES_PASSWORD DESKGRAPH_SIGNING_KEY=secret "${compose[@]}" 2>/dev/null; then
    echo "docker-compose.yml has a default secret"
    status=1
  fi
  rm -f "$nothing"
  return "$status"
}

# count LINE WORD: the number before a word of a summary line.
count() {
  local found
  found=$(grep -oE "[0-9]+ $2" <<<"$1" | head -n 1 | grep -oE '^[0-9]+' || true)
  echo "${found:-0}"
}
