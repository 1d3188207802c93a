#!/bin/sh
# Get uv into FOLDER/bin/uv with what this machine has: scripts/get_uv.sh PYTHON FOLDER
# Debian's python3 may lack pip, venv or both, so several ways are tried. uv always comes from the
# package index that pip is configured for.
set -u
python=$1
folder=$2
want='uv>=0.9,<1'
# A user-wide `user = true` of pip would refuse an environment; the others install elsewhere.
unset PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV
export PIP_USER=0 PIP_DISABLE_PIP_VERSION_CHECK=1
log=$(mktemp)
trap 'rm -f "$log"' EXIT

try() { "$@" >>"$log" 2>&1; }
installed() { [ -x "$folder/bin/uv" ]; }

by_venv() {
  try "$python" -m venv --clear "$folder" && try "$folder/bin/python" -m pip install -q "$want"
}
by_pip() {
  try "$python" -m pip --version || return 1
  try "$python" -m venv --clear --without-pip "$folder" || return 1
  try "$python" -m pip --python "$folder/bin/python" install -q "$want"
}
by_virtualenv() {
  try virtualenv -q --clear -p "$python" "$folder" && try "$folder/bin/python" -m pip install -q "$want"
}
by_apt() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
  try apt-get update -qq
  try env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv && by_venv
}
by_path() {
  found=$(command -v uv) || return 1
  mkdir -p "$folder/bin" && ln -sf "$found" "$folder/bin/uv"
}

mkdir -p "$(dirname "$folder")"
for way in by_venv by_pip by_virtualenv by_path by_apt; do
  "$way" && installed && exit 0
done
cat "$log" >&2
echo "Setting up: uv could not be installed (see above)." >&2
echo "If Python lacks venv and pip: apt-get install python3-venv. If the network is the reason: try again." >&2
exit 1
