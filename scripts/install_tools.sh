#!/usr/bin/env bash
# What the tests need of the system's packages, where it is missing: Chromium, gettext (the translation check),
# LibreOffice (opens the workbooks) and PDFBox Preflight with Java (validates PDF/A).
set -euo pipefail
missing=()
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
command -v xgettext >/dev/null || missing+=(gettext)
command -v soffice >/dev/null || missing+=(libreoffice-calc-nogui)
command -v java >/dev/null || missing+=(default-jre-headless)
[ -e /usr/share/java/preflight.jar ] || missing+=(libpdfbox2-java)
[ -e /usr/share/java/javax.activation.jar ] || missing+=(libactivation-java)
[ -e /usr/share/java/jaxb-api.jar ] || missing+=(libjaxb-api-java)
[ ${#missing[@]} -eq 0 ] && exit 0
command -v apt-get >/dev/null || { echo "install these with your system's package manager: ${missing[*]}" >&2; exit 1; }
if [ "$(id -u)" -eq 0 ]; then sudo=""; elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo="sudo"; else
  echo "the tests need: ${missing[*]}. Run: sudo apt-get install ${missing[*]}" >&2; exit 1; fi
$sudo apt-get update -qq
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
