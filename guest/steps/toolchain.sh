# The machine's own packages: compilers. Installs what is missing; runs only when something is to be built.

source "$GUEST/steps/common.sh"

packages=(
    build-essential xz-utils python3
    "clang-$llvm_version" "lld-$llvm_version" "llvm-$llvm_version" "libclang-rt-$llvm_version-dev-wasm32"
)

missing=()
for package in "${packages[@]}"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
done
[[ ${#missing[@]} -gt 0 ]] || exit 0

as_root=()
if [[ $(id -u) -ne 0 ]]; then
    if ! sudo -n true 2>/dev/null; then
        die "these packages are missing and this user may not install them: run 'apt-get install ${missing[*]}' as root"
    fi
    as_root=(sudo -n)
fi

export DEBIAN_FRONTEND=noninteractive
apt_options=(-o DPkg::Lock::Timeout=600 -o APT::Get::Assume-Yes=true)
# A download folder of our own: images made for containers empty the usual one at every `apt-get update` of anyone.
archives=$(mktemp -d)
trap 'rm -rf "$archives"' EXIT
mkdir "$archives/partial"

"${as_root[@]}" apt-get "${apt_options[@]}" update
"${as_root[@]}" apt-get "${apt_options[@]}" -o "Dir::Cache::archives=$archives" -o APT::Sandbox::User=root \
    install --no-install-recommends "${missing[@]}"
