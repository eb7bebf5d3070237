# Helpers of the scripts in this folder. Sourced, never run.

set -euo pipefail
export LC_ALL=C.UTF-8

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# Everything that is fetched or built outside the checkout, shared by all checkouts of this user.
CACHE=${SWIFTLET_CACHE:-${XDG_CACHE_HOME:-${HOME:?set HOME or SWIFTLET_CACHE}/.cache}/swiftlet}
export SWIFTLET_CACHE=$CACHE

say() {
    printf '\033[1m==>\033[0m %s\n' "$*" >&2
}

die() {
    printf 'swiftlet: %s\n' "$*" >&2
    exit 1
}

# install_packages PACKAGE…: installs Debian packages that are missing; quick and silent when none is.
install_packages() {
    command -v dpkg-query >/dev/null || die "this script installs Debian packages and found no dpkg; install by hand what matches: $*"
    local package missing=()
    for package in "$@"; do
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
    done
    [[ ${#missing[@]} -gt 0 ]] || return 0

    local as_root=()
    if [[ $(id -u) -ne 0 ]]; then
        command -v sudo >/dev/null || die "run this as root once, then try again: apt-get install ${missing[*]}"
        as_root=(sudo)
        [[ -t 0 ]] || as_root+=(-n)
        "${as_root[@]}" true || die "sudo did not work; run this as root once, then try again: apt-get install ${missing[*]}"
    fi

    say "installing ${missing[*]}"
    local folder log status=0
    folder=$(mktemp -d)
    log=$folder/log
    # A download folder of our own and no hooks: those of container images empty the usual folder under a running install.
    mkdir -p "$folder/archives/partial"
    cat >"$folder/apt.conf" <<CONF
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear DPkg::Post-Invoke;
DPkg::Lock::Timeout "600";
APT::Get::Assume-Yes "true";
APT::Sandbox::User "root";
Acquire::Retries "3";
Dir::Cache::archives "$folder/archives";
CONF
    local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -c "$folder/apt.conf")
    # The lists may be missing or name versions that are gone: the second attempt reads them anew.
    "${apt[@]}" install --no-install-recommends "${missing[@]}" >"$log" 2>&1 ||
        { "${apt[@]}" update && "${apt[@]}" install --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 ||
        status=1
    if [[ $status -ne 0 ]]; then
        tail -n 15 "$log" >&2
        "${as_root[@]}" rm -rf "$folder"
        die "apt-get could not install: ${missing[*]}. The lines above say why; install them by hand and run this again."
    fi
    "${as_root[@]}" rm -rf "$folder"
}

# python_venv NAME REQUIREMENT…: prints the Python of a private virtual environment with exactly these requirements.
python_venv() {
    local name=$1 key folder
    shift
    install_packages python3 python3-venv
    key=$({ python3 -V; printf '%s\n' "$@"; } | sha256sum | cut -c 1-12)
    folder=$CACHE/venv/$name-$key
    # The Python that it was made with may be gone since.
    if [[ ! -f $folder/complete ]] || ! "$folder/bin/python" -c ''; then
        mkdir -p "$CACHE/venv"
        exec 8>"$CACHE/venv/$name.lock"
        flock 8
        if [[ ! -f $folder/complete ]] || ! "$folder/bin/python" -c ''; then
            say "Python tools: $name${*:+ ($*)}"
            rm -rf "$folder"
            python3 -m venv "$folder" >&2 || die "python3 -m venv failed; is the package python3-venv that of your python3?"
            if [[ $# -gt 0 ]]; then
                "$folder/bin/python" -m pip --disable-pip-version-check install --quiet "$@" >&2 ||
                    die "pip could not install: $*. Check the connection to the Python package index and run this again."
            fi
            touch "$folder/complete"
        fi
        exec 8>&-
    fi
    echo "$folder/bin/python"
}

# point LINK TARGET: a symbolic link that is right, replaced only when it is not.
point() {
    [[ $(readlink "$1" 2>/dev/null) == "$2" ]] || ln -sfn "$2" "$1"
}
