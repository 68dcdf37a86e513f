#!/bin/sh
# Installs the Debian packages of tools/packages-run.txt (`setup.sh run`), and with `setup.sh test` also those of
# tools/packages-test.txt, the Python packages of tests/requirements.txt and the npm packages of every lock file.
# Says nothing and asks for nothing when all of it is there.
set -eu
cd "$(dirname "$0")/.."
kind=${1:-run}
lists=tools/packages-run.txt
[ "$kind" = run ] || lists="$lists tools/packages-test.txt"

missing_packages() {
  wanted=$(sed 's/#.*//' $lists)
  if command -v dpkg-query >/dev/null; then
    present=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' $wanted 2>/dev/null | sed -n 's/ installed$//p' || true)
  else
    present=
  fi
  for package in $wanted; do
    printf '%s\n' "$present" | grep -qxF -e "$package" || printf '%s ' "$package"
  done
}

# What apt says about the installation, one line, or what the lists estimate when apt has no package index yet.
size_of() {
  if answer=$(LC_ALL=C apt-get install --assume-no --no-install-recommends "$@" 2>/dev/null </dev/null) ||
    printf '%s' "$answer" | grep -q '^Need to get'; then
    printf '%s\n' "$answer" | sed -n 's/^Need to get \(.*\) of archives.$/download \1/p; s/^After this operation, \(.*\) of additional.*/disk \1/p' |
      paste -sd ',' - | sed 's/,/, /'
  else
    echo "download at most $(sum_of download) MB"
  fi
}

sum_of() {
  sed -n "s/^# $1: \([0-9]*\).*/\1/p" $lists | paste -sd + - | sed 's/^/echo $((/; s/$/))/' | sh
}

explain_without_apt() {
  echo "usher is built from Debian 12 packages, and this system cannot install them. It needs:"
  echo "  $1"
  echo "Install what corresponds to them, or work in a container:"
  echo "  docker run --rm -it --network host -v \"\$PWD:/usher\" -w /usher debian:12 sh -c 'apt-get update && apt-get install -y make && make run'"
  exit 1
}

install_packages() {
  missing=$(missing_packages)
  [ -n "$missing" ] || return 0
  command -v apt-get >/dev/null || explain_without_apt "$missing"
  echo "usher needs packages that are not installed: $missing"
  echo "Installing them: $(size_of $missing); at most about $(sum_of minutes) minutes."
  root=
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "This needs root, and there is no sudo. As root: apt-get update && apt-get install --no-install-recommends $missing"
      exit 1
    fi
    echo "This needs root, so sudo may ask for your password."
    root=sudo
  fi
  $root apt-get -q -o Acquire::Retries=3 update
  unknown=$(for package in $missing; do apt-cache show "$package" >/dev/null 2>&1 || printf '%s ' "$package"; done)
  if [ -n "$unknown" ]; then
    echo "This system's package index has no $unknown"
    explain_without_apt "$missing"
  fi
  $root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 \
    install --no-install-recommends $missing </dev/null
}

# Runs a command if the files it depends on are not those of its last success, which a stamp remembers.
unless_stamped() {
  stamp=$1 files=$2
  shift 2
  sum=$(cat $files | sha256sum)
  if [ "$(cat "$stamp" 2>/dev/null)" != "$sum" ]; then
    "$@"
    echo "$sum" >"$stamp"
  fi
}

install_python() {
  echo "Installing the Python packages of tests/requirements.txt into .venv (about 10 MB)."
  rm -rf .venv
  python=$(command -v python3)
  # A Python that cannot make virtual environments may stand before Debian's own.
  "$python" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || python=/usr/bin/python3
  "$python" -m venv .venv
  .venv/bin/pip install --quiet --disable-pip-version-check --no-input -r tests/requirements.txt
  if ! node_is_new_enough; then
    echo "Installing Node into .venv, because the system has none or an old one (about 45 MB)."
    .venv/bin/pip install --quiet --disable-pip-version-check --no-input -r tests/requirements-node.txt
  fi
}

node_is_new_enough() {
  command -v node >/dev/null && command -v npm >/dev/null && node -e 'process.exitCode = parseInt(process.versions.node) < 20 ? 1 : 0'
}

install_npm() {
  echo "Installing the npm packages of $1/package-lock.json."
  (cd "$1" && npm ci --no-audit --no-fund --loglevel=error </dev/null)
}

install_packages
if [ "$kind" = test ]; then
  unless_stamped .venv/usher-requirements 'tests/requirements.txt tests/requirements-node.txt' install_python
  PATH="$PWD/.venv/bin:$PATH"
  for lock in tests/*/package-lock.json clients/*/package-lock.json; do
    [ -e "$lock" ] || continue
    folder=$(dirname "$lock")
    unless_stamped "$folder/node_modules/.usher-lock" "$lock" install_npm "$folder"
  done
fi
