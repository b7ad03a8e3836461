#!/usr/bin/env bash
# Draws the pictures of docs/gallery.md, figures and the window on large models, light and dark, and that of the README.
set -euo pipefail

case ${1:-} in
-h | --help)
    printf 'Usage: scripts/draw_gallery.sh\n\nDraws docs/images/figure-*.svg, gallery-*.png and window.png again, with the models of ./test.\n'
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

# figure NAME MODEL OPTION...: of one scope, with the shapes that a run saw.
figure() {
    local name=$1 model=$2 theme
    shift 2
    if [[ ! -e $scratch/$model.jitscope ]]; then
        "$root/build/release/bin/jitscope-cli" profile "$JITSCOPE_MODELS/$model.pt" --mode interpret --warmups 0 \
            --iterations 1 -o "$scratch/$model.jitscope" >/dev/null
    fi
    for theme in light dark; do
        "$root/build/release/bin/jitscope-cli" graph "$scratch/$model.jitscope" --format svg --theme "$theme" "$@" \
            -o "$root/docs/images/figure-$name-$theme.svg"
    done
}

figure bottleneck resnet50_scripted --module layer1.0 --depth 1
figure decoder transformer_scripted --module decoder.layers.0
draw window resnet50_scripted --theme light --apply freeze,fold-batch-norm --run --find 'kind:conv2d module:layer4.0.conv2'
in_both_themes resnet50 resnet50_scripted --find module:layer1.0.conv2
in_both_themes transformer transformer_scripted --find 'kind:scaled_dot module:decoder.layers.0'
in_both_themes maskrcnn maskrcnn_resnet50_fpn_scripted --find 'kind:RaiseException module:transform'
in_both_themes densenet densenet201_scripted --depth 9 --find 'kind:conv2d module:features.denseblock3.denselayer20.conv2'
