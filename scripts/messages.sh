#!/usr/bin/env bash
# Collect the texts of code and templates into src/viche/locale. --check: change nothing, fail where a text is
# not collected, not translated or marked fuzzy.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
command -v xgettext >/dev/null || bash scripts/install_tools.sh
collect() { (cd "$1/viche" && DJANGO_SETTINGS_MODULE= "$root/.venv/bin/django-admin" makemessages -l uk -l en --no-wrap --add-location file --ignore 'identity/providers/*/simulator/*' -v 0); }
if [ "${1:-}" != "--check" ]; then collect src; exit; fi
copy=$(mktemp -d); trap 'rm -rf "$copy"' EXIT
cp -r src/viche "$copy/viche"
collect "$copy"
"$root/.venv/bin/python" scripts/check_messages.py src/viche/locale "$copy/viche/locale"
