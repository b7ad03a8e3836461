#!/usr/bin/env bash
# Draws the pictures of docs/gallery.md: the window on large models, light and dark.
set -euo pipefail

case ${1:-} in
-h | --help)
    printf 'Usage: scripts/draw_gallery.sh\n\nDraws docs/images/gallery-*.png again, with the models of ./test.\n'
    exit 0
    ;;
esac

# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

set_up_tests
build release jitscope jitscope-cli
export QT_QPA_PLATFORM=offscreen

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# What the window remembers of its user stays out of the pictures.
export XDG_CONFIG_HOME=$scratch/config

# draw NAME MODEL [OPTION]...: in both themes
draw() {
    local name=$1 model=$JITSCOPE_MODELS/$2.pt theme
    shift 2
    for theme in light dark; do
        "$root/build/release/bin/jitscope" --render "$scratch/$name" --theme "$theme" "$@" "$model" >/dev/null
        mv "$scratch/$name/window.png" "$root/docs/images/gallery-$name-$theme.png"
    done
}

draw resnet50 resnet50_scripted --open /layer1,/layer1/0 --find module:layer1.0.conv2
draw transformer transformer_scripted --find 'kind:scaled_dot module:decoder.layers.0'
draw maskrcnn maskrcnn_resnet50_fpn_scripted --find 'kind:RaiseException module:transform'
draw densenet densenet201_scripted --depth 9
