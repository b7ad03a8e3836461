#!/usr/bin/env bash
# Names every source file that clang-format 14 would write otherwise, and fails if there is one. Other versions
# format otherwise, so without version 14 there is nothing to check: exit code 77.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if ! command -v clang-format-14 >/dev/null; then
    echo "clang-format-14 is not installed"
    exit 77
fi
# shellcheck disable=SC2016 # the inner bash expands it
found=$(
    find app core profiler views tests -name '*.cpp' -print0 -o -name '*.h' -print0 |
        xargs -0 -n 10 -P "$(nproc)" bash -c '
            for file in "$@"; do
                clang-format-14 --style=file "$file" | cmp -s - "$file" || printf "%s\n" "$file"
            done' bash
)
[[ -z $found ]] && exit 0
printf '%s\n' "$found" "Run clang-format-14 -i on these files."
exit 1
