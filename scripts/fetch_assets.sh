#!/bin/sh
# Fetches the font, the icons and htmx from the npm registry and puts them where the pages use them.
# The result is committed: nobody needs node to run, test or package Viche. Run it only to move a version.
#
#   @fontsource-variable/golos-text   OFL-1.1   static/viche/fonts/   (texts in OFL.txt)
#   htmx.org                          0BSD      static/viche/vendor/
#   lucide-static                     ISC       static/viche/icons.svg  (only the icons named below)
#   @svg-maps/ukraine                 CC-BY-4.0 src/viche/communities/outlines.json  (rounded by scripts/make_map.py)
set -eu

GOLOS=5.3.0
HTMX=2.0.11
LUCIDE=1.62.0
UKRAINE=2.0.0

ICONS="arrow-left arrow-right arrow-up-right badge-check ban banknote bell bike book-open building-2 bus calendar
calendar-days chart-column check chevron-down chevron-left chevron-right circle circle-alert circle-check circle-dot
circle-help circle-minus circle-x clock code coins download dumbbell external-link eye file-check file-text files
filter fingerprint flag globe graduation-cap hammer hash heart heart-handshake history hourglass house image info
key-round landmark layout-grid lightbulb link list list-ordered lock lock-open log-in log-out mail map-pin medal
megaphone menu message-square minus monitor moon palette paw-print pencil phone plus printer qr-code receipt-text
refresh-cw route scale school scroll-text search send settings shield shield-check sliders-horizontal sparkles star
stethoscope sun trash-2 tree-pine trees triangle-alert trophy upload user-round users-round vote wallet x accessibility"

here=$(cd "$(dirname "$0")/.." && pwd)
static="$here/src/viche/foundation/static/viche"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fetch() { # name version folder
    file=$(npm pack --silent "$1@$2")
    mkdir "$3"
    tar -xzf "$file" -C "$3" --strip-components=1
}
fetch @fontsource-variable/golos-text "$GOLOS" golos
fetch htmx.org "$HTMX" htmx
fetch lucide-static "$LUCIDE" lucide
fetch @svg-maps/ukraine "$UKRAINE" ukraine
python3 "$here/scripts/make_map.py" ukraine/ukraine.svg "$here/src/viche/communities/outlines.json"

mkdir -p "$static/fonts" "$static/vendor"
for subset in latin latin-ext cyrillic cyrillic-ext; do
    cp "golos/files/golos-text-$subset-wght-normal.woff2" "$static/fonts/golos-$subset.woff2"
done
cp golos/LICENSE "$static/fonts/OFL.txt"
cp htmx/dist/htmx.min.js "$static/vendor/htmx.min.js"

{
    echo "htmx $HTMX (htmx.min.js), https://htmx.org"
    echo
    cat htmx/LICENSE
} >"$static/vendor/LICENSES.txt"
{
    echo
    echo "Lucide $LUCIDE (../icons.svg), https://lucide.dev"
    echo
    cat lucide/LICENSE
    echo
    echo "@svg-maps/ukraine $UKRAINE by Olesia Ladanai (src/viche/communities/outlines.json), Creative Commons Attribution 4.0"
    echo "International, https://creativecommons.org/licenses/by/4.0/. Changed: half the size, points rounded."
} >>"$static/vendor/LICENSES.txt"

{
    printf '<svg xmlns="http://www.w3.org/2000/svg">\n'
    printf '<!-- Lucide %s, ISC licence: vendor/LICENSES.txt. Made by scripts/fetch_assets.sh. -->\n' "$LUCIDE"
    for icon in $ICONS; do
        printf '<symbol id="%s" viewBox="0 0 24 24">' "$icon"
        sed -n '/^>$/,/^<\/svg>$/p' "lucide/icons/$icon.svg" | sed '1d;$d' | sed 's/^ *//' | tr -d '\n'
        printf '</symbol>\n'
    done
    printf '</svg>\n'
} >"$static/icons.svg"
