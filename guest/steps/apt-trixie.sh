# An apt of the build's own that sees Debian trixie. Sourced by the steps that fetch from it; the machine's apt stays as it is.
#
# Mirror, proxy and certificates are the machine's; lists, cache and package status are ours, so root is not needed.
#
#   open_trixie FOLDER     reads the package lists into FOLDER (again only when they are older than a day)
#   trixie COMMAND ARG…    runs apt-get, apt-cache … with them

readonly trixie_keyring_paths=(
    /usr/share/keyrings/debian-archive-keyring.gpg
    /usr/share/keyrings/debian-archive-keyring.pgp
)

trixie() {
    local command=$1
    shift
    "$command" -c "$trixie_folder/apt.conf" "$@"
}

# The address of this machine's Debian mirror: the repository that serves its own release.
debian_mirror() {
    local uri
    uri=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' | sort -u | sed -n 1p)
    if [[ -z $uri ]]; then
        # Images for containers ship without lists; the toolchain step may have had nothing to install.
        mkdir -p "$trixie_folder/machine/partial"
        apt-get -c "$trixie_folder/no-hooks.conf" -o "Dir::State::lists=$trixie_folder/machine" \
            -o APT::Sandbox::User=root update >&2
        uri=$(apt-get -o "Dir::State::lists=$trixie_folder/machine" indextargets --format '$(REPO_URI)' \
            'Created-By: Packages' 'Origin: Debian' 'Label: Debian' | sort -u | sed -n 1p)
    fi
    [[ -n $uri ]] || die "no Debian mirror in this machine's apt sources; add one (see sources.list(5)) and run again"
    echo "$uri"
}

write_trixie_sources() { # MIRROR KEYRING
    local type
    for type in deb deb-src; do
        echo "$type [signed-by=$2] $1 trixie main"
    done >"$trixie_folder/sources.list"
}

open_trixie() {
    trixie_folder=$1
    mkdir -p "$trixie_folder"/{lists/partial,cache/archives/partial}
    : >"$trixie_folder/status"
    # Hooks belong to the machine's apt: the one of container images would empty its download folder under a running install.
    cat >"$trixie_folder/no-hooks.conf" <<'CONF'
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
CONF
    {
        cat "$trixie_folder/no-hooks.conf"
        cat <<CONF
Dir::Etc::SourceList "$trixie_folder/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::State::Lists "$trixie_folder/lists";
Dir::State::Status "$trixie_folder/status";
Dir::Cache "$trixie_folder/cache";
APT::Sandbox::User "root";
APT::Architecture "amd64";
Acquire::Languages "none";
Acquire::Retries "3";
CONF
    } >"$trixie_folder/apt.conf"

    if [[ -n $(find "$trixie_folder/fresh" -mmin -1440 2>/dev/null) ]]; then
        return 0
    fi

    local mirror keyring path
    mirror=$(debian_mirror)
    for path in "${trixie_keyring_paths[@]}"; do
        [[ -f $path ]] || continue
        write_trixie_sources "$mirror" "$path"
        if trixie apt-get --error-on=any update >&2; then
            touch "$trixie_folder/fresh"
            return 0
        fi
    done

    # The machine's keyring may be older than trixie. A newer one comes from the machine's own, verified, sources.
    echo "fetching a newer debian-archive-keyring" >&2
    (cd "$trixie_folder" && rm -f debian-archive-keyring_*.deb && apt-get download debian-archive-keyring) >&2
    dpkg -x "$trixie_folder"/debian-archive-keyring_*.deb "$trixie_folder/keyring"
    keyring=$(find "$trixie_folder/keyring/usr/share/keyrings" -name 'debian-archive-keyring.*' | sed -n 1p)
    write_trixie_sources "$mirror" "$keyring"
    trixie apt-get --error-on=any update >&2 ||
        die "$mirror does not serve Debian trixie (or not signed by a key of debian-archive-keyring); use a mirror that does"
    touch "$trixie_folder/fresh"
}
