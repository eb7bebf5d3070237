# The machine's own packages: compilers. Installs what is missing; runs only when something is to be built.

source "$GUEST/steps/common.sh"

packages=(
    build-essential xz-utils python3 python3-venv tcl
    "clang-$llvm_version" "lld-$llvm_version" "llvm-$llvm_version" "libclang-rt-$llvm_version-dev-wasm32"
    "libclang-rt-$llvm_version-dev"
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

# A download folder of our own and no hooks: those of container images empty the usual one under a running install.
folder=$(mktemp -d)
trap '"${as_root[@]}" rm -rf "$folder"' EXIT
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
apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -c "$folder/apt.conf")

# The lists may be missing or name versions that are gone: the second attempt reads them anew.
"${apt[@]}" install --no-install-recommends "${missing[@]}" ||
    { "${apt[@]}" update && "${apt[@]}" install --no-install-recommends "${missing[@]}"; } ||
    die "apt-get could not install: ${missing[*]}. Clang $llvm_version comes from Debian 12's own and security repositories; are both in this machine's apt sources?"
