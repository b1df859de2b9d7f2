# Sourced by the commands beside it: installs what is missing and puts the pinned Node first in PATH.
# $1: names of further Debian packages this command needs.

say() { printf '%s\n' "$*" >&2; }

if ! command -v npx >/dev/null 2>&1; then
  say "Parley needs Node.js 20 or newer with npm to start; it brings its own Node 24 after that."
  exit 1
fi
if [ "$(uname -s)" != Linux ]; then
  say "Parley runs on Linux; this is $(uname -s)."
  exit 1
fi

install_debian_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if sudo -n true 2>/dev/null; then as_root=(sudo -n)
    else
      say "Please install these Debian packages, then start again:  sudo apt-get install -y ${missing[*]}"
      exit 1
    fi
  fi
  if ! command -v apt-get >/dev/null 2>&1; then
    say "This machine has no apt-get. Please install what these Debian packages hold: ${missing[*]}"
    exit 1
  fi
  say "installing Debian packages: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>&1 ||
    { "${as_root[@]}" apt-get update -qq >&2 && "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null; } ||
    { say "apt-get could not install: ${missing[*]}"; exit 1; }
}

install_node_packages() {
  local stamp=node_modules/.parley-lock wanted
  wanted=$(cat pnpm-lock.yaml pnpm-workspace.yaml | cksum)
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && return
  say "installing npm packages"
  npx -y pnpm@12.21.0 install --frozen-lockfile --reporter=append-only >node_modules.log 2>&1 ||
    { cat node_modules.log >&2; say "the npm packages could not be installed"; exit 1; }
  rm -f node_modules.log
  printf '%s' "$wanted" >"$stamp"
}

install_debian_packages libpocketsphinx3 libsphinxbase3 pocketsphinx-en-us $1
install_node_packages

export PATH="$PWD/node_modules/.bin:$PATH"
export TURBO_TELEMETRY_DISABLED=1 NODE_NO_WARNINGS=1
case "$(node -v)" in
  v24.*) ;;
  *) say "expected Node 24 in node_modules/.bin, found $(node -v)"; exit 1 ;;
esac
