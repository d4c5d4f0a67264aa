"""What a widget costs the page it stands in: requests and bytes, as sent and packed.

    VICHE_ENVIRONMENT=test VICHE_VAR=var/bench .venv/bin/python bench/widgets.py

Each widget of the contests of the browser tests is asked for as a browser would: the page, then what it names (styles,
script, pictures in view). Text is packed with gzip as a proxy does it; pictures are sent as they are. Writes
docs/benchmarks/widgets.md. The server is the embedded one.
"""

import gzip
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
os.environ.setdefault("VICHE_ENVIRONMENT", "test")
os.environ.setdefault("VICHE_VAR", str(ROOT / "var" / "bench"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "viche.config.settings")

import django  # noqa: E402
from django.conf import settings  # noqa: E402

from viche.config import embedded  # noqa: E402

RESOURCE = re.compile(r'<(?:link rel="stylesheet" href|script src|img src)="([^"]+)"')
CONTESTS = {"turnout": "over", "results": "over"}
MOST = 60_000


def main() -> None:
    embedded.use(settings.EMBEDDED_PLACE, durable=False)
    django.setup()
    from django.core.management import call_command
    from django.test import Client

    call_command("flush", verbosity=0, interactive=False)
    call_command("migrate", "communities", "zero", verbosity=0)
    call_command("migrate", verbosity=0)
    from tests.browser.seed import seed

    from viche.connectors.website.element import NEWEST, element_of
    from viche.portal.widgets import KINDS

    seed()
    client = Client()

    def sent(address: str) -> tuple[int, int]:
        """(bytes, bytes packed)."""
        answer = client.get(address)
        assert answer.status_code == 200, address
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        is_text = answer["Content-Type"].startswith("text/")
        return len(content), len(gzip.compress(content, 6)) if is_text else len(content)

    rows, worst = [], 0
    for kind in KINDS:
        address = f"/poltava/widgets/{kind}/?contest={CONTESTS.get(kind, 'now')}&project=1&n=6"
        page = client.get(address).content.decode()
        named = list(dict.fromkeys(RESOURCE.findall(page)))
        pictures = [each for each in named if "/pictures/" in each]
        sizes = {each: sent(each) for each in named}
        own = sent(address)
        packed = own[1] + sum(size[1] for size in sizes.values())
        light = own[1] + sum(size[1] for each, size in sizes.items() if each not in pictures)
        rows.append(
            (kind, len(named) + 1, own[0] + sum(size[0] for size in sizes.values()), packed, light, own[1])
        )
        worst = max(worst, light)
    newest = element_of(NEWEST)
    assert newest is not None
    lines = [
        "# What a widget weighs", "",
        "`bench/widgets.py`: every widget asked for as a browser would, six projects, three of them with a picture. "
        "Bytes; packed is what travels: text with gzip, pictures as they are. Styles and script are the same for all "
        "widgets and are kept by the browser: the second widget of a page costs its last column only.", "",
        "| Widget | requests | as written | packed | packed, without pictures | the page alone, packed |",
        "|---|---:|---:|---:|---:|---:|",
        *(
            f"| {kind} | {number} | {raw:,} | {packed:,} | {light:,} | {page:,} |"
            for kind, number, raw, packed, light, page in rows
        ),
        "",
        f"The element (`viche-widget-{NEWEST}.js`): {len(newest.content):,} bytes, {len(newest.packed):,} packed; one "
        "more request a page, however many widgets stand in it. No font, no cookie, no request to anybody else.", "",
    ]  # fmt: skip
    (ROOT / "docs" / "benchmarks" / "widgets.md").write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))
    assert worst < MOST, f"a widget weighs {worst} bytes without its pictures"


if __name__ == "__main__":
    main()
