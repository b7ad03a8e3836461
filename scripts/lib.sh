# shellcheck shell=bash
# What ./run, ./test and ./bench share: where things lie, how a step is run, and the set-up itself.
# Sourced, never run. Every step does nothing, in milliseconds, when it was done before.

torch_version=2.11.0
torchvision_version=0.26.0
# What libtorch_cpu.so needs at run time besides the wheel itself, in the versions that the wheel names.
torch_small_set=(nvidia-cuda-runtime==13.0.96 nvidia-cuda-cupti==13.0.85)

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/jitscope
logs=$root/build/logs
mkdir -p "$cache" "$logs"

say() { printf '%s\n' "$*" >&2; }

die() {
    say "${0##*/}: $*"
    exit 1
}

# quietly NAME COMMAND...: runs it with its output in build/logs/NAME.log, which is shown when it fails.
quietly() {
    local log=$logs/$1.log
    shift
    if ! "$@" >"$log" 2>&1 </dev/null; then
        tail -n 40 "$log" >&2
        die "failed: $* (the whole output is in $log)"
    fi
}

# ---- packages of the system ------------------------------------------------------------------------------

# A name with | has another name on another system; the first that is known is taken.
build_packages=(cmake ninja-build g++ ccache pkg-config git ca-certificates python3 python3-venv
    qt6-base-dev "qt6-svg-dev|libqt6svg6-dev" libgl-dev fonts-dejavu-core graphviz
    libsqlite3-dev libsqlitecpp-dev nlohmann-json3-dev libcli11-dev libexpected-dev libfmt-dev
    libzip-dev libzstd-dev libxxhash-dev libseccomp-dev libflatbuffers-dev flatbuffers-compiler libmimalloc-dev)
test_packages=(xvfb clang-format-14 clang-tidy-14 shellcheck)
peer_packages=(chromium chromium-driver)
peer_python_packages=(netron==9.3.3 selenium==4.38.0)

is_installed() {
    local name
    for name in ${1//|/ }; do
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) == installed ]] && return 0
    done
    return 1
}

install_packages() {
    local package name missing=()
    command -v dpkg-query >/dev/null || {
        say "This system has no apt: install the equivalents of ${*//|/ or } yourself."
        return 0
    }
    # The quick way first: one question for all of them. dpkg-query fails when it does not know a name.
    for package in "$@"; do
        is_installed "$package" || missing+=("$package")
    done
    ((${#missing[@]})) || return 0

    local as_root=()
    if ((EUID != 0)); then
        command -v sudo >/dev/null ||
            die "packages are missing and there is no sudo. As root: apt-get install ${missing[*]//|*/}"
        as_root=(sudo)
    fi
    say "Installing packages: ${missing[*]//|*/}"
    quietly apt-update "${as_root[@]}" apt-get update
    local chosen=()
    for package in "${missing[@]}"; do
        for name in ${package//|/ }; do
            if [[ $(apt-cache policy "$name" 2>/dev/null) == *Candidate:\ [0-9]* ]]; then
                chosen+=("$name")
                continue 2
            fi
        done
        die "the package ${package//|/ or } is not to be had here; Debian 12 and Ubuntu 24.04 have it"
    done
    quietly apt-install "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends "${chosen[@]}"
}

# ---- LibTorch --------------------------------------------------------------------------------------------

has_nvidia_driver() { [[ -e /proc/driver/nvidia/version || -e /usr/lib/wsl/lib/libcuda.so.1 ]]; }

# is_libtorch FOLDER: whether it holds include/ and lib/ of the pinned version.
is_libtorch() {
    [[ -f $1/lib/libtorch_cpu.so ]] || return 1
    local header=$1/include/torch/headeronly/version.h
    [[ -f $header ]] || header=$1/include/torch/csrc/api/include/torch/version.h
    [[ -f $header ]] || return 1
    [[ $(awk '/define TORCH_VERSION_(MAJOR|MINOR|PATCH) /{ printf "%s%s", point, $3; point = "." }' "$header") \
        == "$torch_version" ]]
}

# The folder of a torch of the pinned version that python3 can import, without importing it (that takes seconds).
importable_torch() {
    python3 - "$torch_version" 2>/dev/null <<'PYTHON'
import importlib.metadata, importlib.util, sys
if importlib.metadata.version("torch").partition("+")[0] == sys.argv[1]:
    print(importlib.util.find_spec("torch").submodule_search_locations[0])
PYTHON
}

python_torch() {
    local folder
    for folder in "$cache"/python/lib/python3*/site-packages/torch; do
        [[ -f $cache/python/ready && -d $folder ]] && printf '%s\n' "$folder"
    done
}

# pip of a small environment of our own, since the system's may be absent and may not be changed.
installer_pip() {
    local home=$cache/installer
    [[ -x $home/bin/pip ]] || quietly installer python3 -m venv --clear "$home"
    "$home/bin/pip" --quiet --no-input --disable-pip-version-check "$@"
}

install_libtorch() {
    local target=$cache/libtorch wanted=small packages=(--no-deps "torch==$torch_version" "${torch_small_set[@]}")
    if has_nvidia_driver; then
        wanted=full
        packages=("torch==$torch_version")
    fi
    local present
    present=$(cat "$target/set" 2>/dev/null || true)
    [[ $present == full || $present == "$wanted" ]] && return 0
    say "Installing LibTorch $torch_version into $target"
    rm -rf "$target.partial"
    mkdir -p "$target.partial"
    quietly libtorch installer_pip install --target "$target.partial" "${packages[@]}"
    echo "$wanted" >"$target.partial/set"
    rm -rf "$target"
    mv "$target.partial" "$target"
}

# Sets JITSCOPE_LIBTORCH, installing LibTorch when there is none. What the build folder already uses stays in use,
# because another folder would mean compiling everything again.
find_libtorch() {
    local candidate
    if [[ -n ${JITSCOPE_LIBTORCH:-} ]]; then
        is_libtorch "$JITSCOPE_LIBTORCH" ||
            die "JITSCOPE_LIBTORCH is $JITSCOPE_LIBTORCH, which does not hold LibTorch $torch_version (include/ and lib/)"
        export JITSCOPE_LIBTORCH
        return 0
    fi
    local used=""
    if [[ -f $root/build/release/libtorch-in-use ]]; then
        used=$(<"$root/build/release/libtorch-in-use")
    fi
    for candidate in "$used" "$(importable_torch || true)" "$(python_torch)" "$cache/libtorch/torch"; do
        [[ $candidate == "$cache/libtorch/torch" ]] && install_libtorch
        if [[ -n $candidate ]] && is_libtorch "$candidate"; then
            export JITSCOPE_LIBTORCH=$candidate
            return 0
        fi
    done
    die "LibTorch $torch_version was installed into $cache/libtorch but is not usable; remove that folder and try again"
}

# ---- Python for the tests and benchmarks -----------------------------------------------------------------

# torch for Python imports all libraries of the wheel, so it needs the wheel's full set even without a GPU.
install_python() {
    local home=$cache/python
    if [[ ! -f $home/ready ]]; then
        if ! "$home/bin/python" -c "import torch, torchvision, numpy" 2>/dev/null; then
            say "Installing Python packages for the tests into $home"
            quietly python-venv python3 -m venv --clear "$home"
            quietly python-packages "$home/bin/pip" --no-input --disable-pip-version-check install \
                "torch==$torch_version" "torchvision==$torchvision_version" numpy
        fi
        touch "$home/ready"
    fi
    export JITSCOPE_PYTHON=$home/bin/python
    # The operators of torchvision, without which maskrcnn opens but does not run.
    local library
    for library in "$home"/lib/python3*/site-packages/torchvision/_C.so; do
        export JITSCOPE_TEST_TORCHVISION=$library
    done
}

make_models() {
    export JITSCOPE_MODELS=$cache/models
    # The script's own text decides which models there are: a new script runs again and adds what is new.
    local stamp=$cache/models/ready
    cmp -s "$root/scripts/make_models.py" "$stamp" && return 0
    say "Making the test models in $cache/models"
    quietly models "$JITSCOPE_PYTHON" -W ignore "$root/scripts/make_models.py"
    cp "$root/scripts/make_models.py" "$stamp"
}

# ---- programs from outside that ./bench --peers compares with ------------------------------------------------

# Sets JITSCOPE_NETRON and JITSCOPE_PEERS_PYTHON (which drives Chromium).
set_up_peers() {
    install_packages "${peer_packages[@]}"
    local home=$cache/peers
    if [[ $(cat "$home/ready" 2>/dev/null || true) != "${peer_python_packages[*]}" ]]; then
        say "Installing Netron and what drives it into $home"
        quietly peers-venv python3 -m venv --clear "$home"
        quietly peers-packages "$home/bin/pip" --no-input --disable-pip-version-check install "${peer_python_packages[@]}"
        printf '%s\n' "${peer_python_packages[*]}" >"$home/ready"
    fi
    export JITSCOPE_NETRON=$home/bin/netron JITSCOPE_PEERS_PYTHON=$home/bin/python
}

# ---- build -----------------------------------------------------------------------------------------------

# build PRESET [TARGET]...
build() {
    local preset=$1 folder=$root/build/$1
    shift
    local configured="${JITSCOPE_LIBTORCH:-}"
    if [[ ! -f $folder/build.ninja || $(cat "$folder/libtorch-in-use" 2>/dev/null || true) != "$configured" ]]; then
        quietly "configure-$preset" cmake --preset "$preset" -S "$root" -U 'LibTorch_*'
        printf '%s\n' "$configured" >"$folder/libtorch-in-use"
    fi
    # ninja sees within a moment when there is nothing to do; only when there is, a word about it.
    local log=$logs/build-$preset.log pid waited=0
    ninja -C "$folder" "$@" >"$log" 2>&1 </dev/null &
    pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        sleep 0.1
        if ((++waited == 20)); then
            say "Building ($preset); the output is in $log"
        fi
    done
    if ! wait "$pid"; then
        grep -E -A 12 '^FAILED|error' "$log" | head -n 60 >&2
        die "the build failed (the whole output is in $log)"
    fi
}

set_up_build() {
    install_packages "${build_packages[@]}"
    find_libtorch
}

set_up_tests() {
    install_packages "${build_packages[@]}" "${test_packages[@]}"
    install_python
    find_libtorch
    make_models
}
