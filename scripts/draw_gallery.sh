#!/usr/bin/env bash
# Draws the pictures of docs/gallery.md, the window on large models, light and dark, and that of the README.
set -euo pipefail

case ${1:-} in
-h | --help)
    printf 'Usage: scripts/draw_gallery.sh\n\nDraws docs/images/gallery-*.png and window.png again, with the models of ./test.\n'
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

# draw PICTURE MODEL [OPTION]...
draw() {
    local picture=$1 model=$JITSCOPE_MODELS/$2.pt
    shift 2
    "$root/build/release/bin/jitscope" --render "$scratch/drawn" "$@" "$model" >/dev/null
    mv "$scratch/drawn/window.png" "$root/docs/images/$picture.png"
}

# in_both_themes NAME MODEL [OPTION]...
in_both_themes() {
    local name=$1 theme
    shift
    for theme in light dark; do
        draw "gallery-$name-$theme" "$@" --theme "$theme"
    done
}

draw window resnet50_scripted --theme light --apply freeze,fold-batch-norm --run --find 'kind:conv2d module:layer4.0.conv2'
in_both_themes resnet50 resnet50_scripted --find module:layer1.0.conv2
in_both_themes transformer transformer_scripted --find 'kind:scaled_dot module:decoder.layers.0'
in_both_themes maskrcnn maskrcnn_resnet50_fpn_scripted --find 'kind:RaiseException module:transform'
in_both_themes densenet densenet201_scripted --depth 9
