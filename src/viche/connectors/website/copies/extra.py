"""What a copy has that the live site has not: its first page, its search, how to verify it, the verifier itself."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import translation
from lxml import html

import rulebook
from viche.connectors.record.queries import record_folder
from viche.connectors.website.copies.places import Key, Scope
from viche.connectors.website.copies.rewriting import Rewriting, parsed, written
from viche.contests.models import Contest
from viche.journal.publishing import key_of_log
from viche.journal.queries import logs_about
from viche.projects.queries import public_projects

FIRST_PAGE, VERIFY, VERIFIER = "index.html", "VERIFY.txt", "verifier/rulebook.zip"
ZIP_MOMENT = (1980, 1, 1, 0, 0, 0)
MOST_WORDS = 4000


def search_page(content: bytes, contests: Sequence[Contest], at: Key) -> bytes:
    """The live search page with the list of all projects in place of its form and its finds.

    A script narrows the list by the index that stands in the page; without scripts it is a list.
    """
    page = parsed(content)
    language = "en" if "/en/" in at.path else "uk"
    with translation.override(language):
        text, index = _projects(contests, language)
        inside = html.fragment_fromstring(text)
        data = html.Element("script", {"type": "application/json", "id": "copy-index"})
        data.text = index
        inside.append(data)
        for main in page.xpath("//*[@id='main']//*[contains(@class, 'site-main')]")[:1]:
            for child in list(main):
                main.remove(child)
            main.append(inside)
    page.find("head").append(html.Element("script", {"src": static("viche/website/copy.js"), "defer": ""}))
    return written(page)


def _projects(contests: Sequence[Contest], language: str) -> tuple[str, str]:
    """The list as HTML, and its index as JSON: for each project in the list's order the words it is found by."""
    groups, words = [], []
    for contest in contests:
        way = f"/{contest.community.slug}/{'en/' if language == 'en' else ''}{contest.slug}/projects"
        rows = []
        for project in public_projects(contest).order_by("number"):
            rows.append({"href": f"{way}/{project.number}/", "project": project})
            said = (
                str(project.number),
                project.title,
                project.summary,
                project.place_name,
                project.text[:MOST_WORDS],
            )
            words.append(" ".join(said).casefold())
        groups.append({"contest": contest, "rows": rows})
    text = render_to_string("website/copy_search.html", {"groups": groups, "number": len(words)})
    # no "</script>" can end the block early
    return text, json.dumps(words, ensure_ascii=False).replace("<", "\\u003c")


def common_files(
    scope: Scope, pages: Rewriting, bodies: Mapping[str, Any], contests: Sequence[Contest]
) -> dict[str, bytes]:
    """Files of the whole copy by their names."""
    with translation.override("uk"):
        first = render_to_string(
            "website/copy_index.html",
            {
                "bodies": [
                    {
                        "slug": slug, "title": body["title"].get("uk", slug),
                        "contests": [(each, title.get("uk", each)) for each, title in body["contests"].items()],
                    }
                    for slug, body in sorted(bodies.items())
                ],
            },
        )  # fmt: skip
    held = {name for body in bodies.values() for name in body["files"]}
    listing = Rewriting(Scope(scope.base, {slug: body["contests"] for slug, body in bodies.items()}),
                        lambda key: key.file in held, pages.icons)  # fmt: skip
    records = sorted(
        f"{slug}/{each}/record"
        for slug, body in bodies.items() for each in body["contests"]
        if f"{slug}/{each}/record/manifest.txt" in body["files"]
    )  # fmt: skip
    return {
        FIRST_PAGE: listing.page(first.encode(), Key("/"), ""),
        VERIFY: _verify_text(records, scope.base, _keys(contests)).encode(),
        VERIFIER: verifier(),
    }


def _keys(contests: Sequence[Contest]) -> list[str]:
    found: dict[str, None] = {}
    for contest in contests:
        if record_folder(contest) is not None:
            for log in logs_about(contest.community.code, f"contest:{contest.pk}", f"ballots:{contest.pk}"):
                key = key_of_log(log)
                if key is not None:
                    found[key.text] = None
    return sorted(found)


def _verify_text(records: Sequence[str], base: str, keys: Sequence[str]) -> str:
    lines = [
        "Перевірити результати з цієї копії / Verify the results in this copy",
        "",
        "Потрібні Python 3.11 або новіший і пакет cryptography. Програма перевірки лежить у verifier/rulebook.zip;",
        "той, хто не хоче вірити копії, бере її з вихідного коду.",
        "It takes Python 3.11 or newer and the package cryptography. The verifier lies in verifier/rulebook.zip;",
        "whoever does not want to trust the copy takes it from the source code.",
        "",
        *(f"    PYTHONPATH=verifier/rulebook.zip python -m rulebook verify {name}" for name in records),
        "",
        "Останній рядок: «everything holds», або що не сходиться і в якому файлі.",
        'The last line: "everything holds", or what does not hold and in which file.',
        "",
        f"Ключі журналу, порівняйте їх із {base} (--key) / Keys of the journal, compare them (--key):",
        *(f"    {key}" for key in keys),
        "",
        "manifest.json: SHA-256 кожного файлу копії / the SHA-256 of every file of the copy.",
        "",
    ]
    return "\n".join(lines)


def verifier() -> bytes:
    """The rulebook as one ZIP file that Python runs from, always the same bytes for the same source."""
    root = Path(rulebook.__file__).parent
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(root.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                info = zipfile.ZipInfo(f"rulebook/{path.relative_to(root).as_posix()}", ZIP_MOMENT)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o644 << 16
                archive.writestr(info, path.read_bytes())
    return whole.getvalue()
