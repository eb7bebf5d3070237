# Upstream tarballs, from Debian's source packages, each checked against sources.lock.

source "$GUEST/steps/common.sh"
source "$GUEST/steps/apt-trixie.sh"

verified() { # FILE SHA256
    [[ -f $1 && $(sha256sum <"$1") == "$2  -" ]]
}

while read -r name version package tarball sha256; do
    [[ -n $name && $name != \#* ]] || continue
    verified "$SOURCES/$tarball" "$sha256" && continue

    [[ -n ${trixie_folder:-} ]] || open_trixie "$APT"
    echo "fetching $tarball"
    # The signed index names the file; whether Debian's own part of the source package is still there does not matter.
    trixie apt-get source --download-only --tar-only "$package" || true
    [[ -f $tarball ]] || die "the mirror's $package is not version $version any more (there is: $(
        trixie apt-cache showsrc "$package" | sed -n 's/^Version: //p' | tr '\n' ' '
    )). Put the new version, tarball name and sha256 into guest/sources.lock."
    verified "$tarball" "$sha256" ||
        die "$tarball has sha256 $(sha256sum <"$tarball" | cut -d' ' -f1), guest/sources.lock says $sha256. Do not use it before you know why."
    mv "$tarball" "$SOURCES/$tarball"
done <"$GUEST/sources.lock"
