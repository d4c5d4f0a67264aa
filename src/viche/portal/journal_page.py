"""What the pages of the journal show: how it stands, its entries, an entry with its proof."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rulebook.merkle import CheckpointError
from viche.communities.models import Community
from viche.connectors.record.queries import record_archive
from viche.contests.models import Contest
from viche.contests.queries import opened_contests_of
from viche.foundation.clock import KYIV
from viche.foundation.numbers import grouped
from viche.identity.models import PLATFORM
from viche.journal import publishing
from viche.journal.models import Log
from viche.journal.queries import (
    Line,
    Sight,
    ballot_coded,
    found_entries,
    is_code,
    line,
    logs_of,
    sights_of,
    stamps_of,
)
from viche.journal.wording import FAULTS, WITNESS_FAULTS
from viche.projects.queries import project_ids

PER_PAGE = 30
MAX_TEXT = 80


def owner_of(request: HttpRequest) -> str:
    """Whose journal it is: the code of the body, or the platform's own name outside of bodies."""
    community: Community | None = request.place.community  # type: ignore[attr-defined]
    return community.code if community else PLATFORM


@dataclass(frozen=True)
class Standing:
    """How a log stands, in words. kind: of a notice."""

    kind: str
    text: str
    fault: str = ""


def standing_of(log: Log, sights: list[Sight]) -> Standing:
    """One sentence for everybody: how many entries, since when, seen by whom."""
    seen = sum(1 for sight in sights if sight.size and not sight.claimed_size)
    entries = ngettext("%(n)s entry", "%(n)s entries", log.size) % {"n": grouped(log.size)}
    since = _("unbroken since %(day)s") % {"day": _day(log.opened_at)}
    parts = [entries, since]
    if seen:
        parts.append(ngettext("seen by %(n)s witness", "seen by %(n)s witnesses", seen) % {"n": seen})
    text = ", ".join(parts)
    if log.fault or any(sight.claimed_size for sight in sights):
        fault = (
            str(FAULTS[log.fault])
            if log.fault
            else _("A witness says it has seen more entries than there are.")
        )
        return Standing("danger", entries, fault)
    if log.edition > 1:
        lost = _(
            "Published entries were lost, and the journal was begun anew. Its entry about that says why and how many; "
            "the files of before still lie open for everybody to compare."
        )
        return Standing("warning", entries, lost)
    return Standing("success" if log.published_size else "info", text)


def _day(moment: datetime) -> str:
    return date_format(moment.astimezone(KYIV), "j E Y")


def witness_rows(log: Log, sights: list[Sight]) -> list[dict[str, Any]]:
    """Each witness with its key, what it has seen and how it stands now."""
    return [
        {
            "name": sight.key.name, "key": sight.key.text, "size": sight.size, "at": sight.at,
            "state": _state(log, sight),
            "kind": "warning" if sight.fault else "success" if _is_up(log, sight) else "info",
        }
        for sight in sights
    ]  # fmt: skip


def _is_up(log: Log, sight: Sight) -> bool:
    return not sight.fault and sight.size == log.published_size > 0


def _state(log: Log, sight: Sight) -> str:
    if sight.fault:
        return str(WITNESS_FAULTS[sight.fault])
    if not sight.size:
        return _("has not answered yet")
    return _("has seen everything") if _is_up(log, sight) else _("is a little behind")


def journal_context(request: HttpRequest) -> dict[str, Any]:
    """All of the journal's page."""
    community: Community | None = request.place.community  # type: ignore[attr-defined]
    logs = list(logs_of(owner_of(request)))
    year = request.GET.get("year", "")
    log = next((each for each in logs if year in (each.address, str(each.year))), logs[0] if logs else None)
    contests = list(opened_contests_of(community)) if community else []
    contest = next((each for each in contests if each.slug == request.GET.get("contest")), None)
    text = "".join(each for each in request.GET.get("q", "") if each.isprintable()).strip()[:MAX_TEXT]
    only_acts = request.GET.get("all") is None
    context: dict[str, Any] = {
        "logs": logs, "log": log, "contests": contests, "contest": contest, "text": text, "only_acts": only_acts,
        "code": code_in(request.GET), "records": records_of(contests), "is_narrow": bool(text or contest),
    }  # fmt: skip
    if context["code"]:
        context["answer"] = answer_about(context["code"], contests)
    if log is None:
        return context
    subjects = _subjects(contest) if contest is not None else None
    entries = found_entries(log, text=text, subjects=subjects, with_ballots=not only_acts)
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    sights = sights_of(log)
    return context | {
        "page": page, "lines": [(line(each), entry_name(log, each.index or 0)) for each in page],
        "query": _query(log, contest, text, only_acts),
        "stamps": stamps_of(log), "witnesses": witness_rows(log, sights), "standing": standing_of(log, sights),
        **_published(log),
    }  # fmt: skip


def _query(log: Log, contest: Contest | None, text: str, only_acts: bool) -> str:
    query = QueryDict(mutable=True)
    query["year"] = log.address
    if contest is not None:
        query["contest"] = contest.slug
    if text:
        query["q"] = text
    if not only_acts:
        query["all"] = "1"
    return query.urlencode()


def _subjects(contest: Contest) -> list[str]:
    """Everything of the journal that is about a contest: itself, its ballots, its projects and their support."""
    own = [f"contest:{contest.pk}", f"ballots:{contest.pk}"]
    return own + [f"{kind}:{each}" for each in project_ids(contest) for kind in ("project", "support")]


def _published(log: Log) -> dict[str, Any]:
    """The checkpoint as it stands among the files, the key that signs it, where the files are."""
    try:
        found = publishing.published(log)
    except CheckpointError:
        found = None
    key = publishing.key_of_log(log)
    earlier = [
        f"{log.year}" + (f"-{number}" if number > 1 else "")
        for number in range(1, 1 if log.is_foreign else log.edition)
    ]
    return {
        "checkpoint": found, "log_key": key.text if key else "", "files": files_address(log),
        "earlier": [f"/log/{log.community}/{address}/checkpoint" for address in earlier],
    }  # fmt: skip


def files_address(log: Log) -> str:
    """Where the static files of a log are served."""
    return f"/log/{log.community}/{log.address}/"


def records_of(contests: list[Contest]) -> list[dict[str, Any]]:
    """The written records, of finished contests."""
    found = []
    for contest in contests:
        archive = record_archive(contest)
        if archive is not None:
            found.append({"contest": contest, "size": archive.stat().st_size})
    return found


def code_in(fields: QueryDict) -> str:
    """The code of a receipt as somebody typed it: in groups, in capitals."""
    return "".join(fields.get("code", "").split()).lower()[:200]


@dataclass(frozen=True)
class Answer:
    """What is said of a code. kind: "found", "unknown" or "no_code". name: of the entry, once it has its place."""

    kind: str
    entry: Line | None = None
    name: str = ""
    contest: Contest | None = None


def answer_about(code: str, contests: list[Contest]) -> Answer:
    """What the journal says of a receipt's code. Only contests whose voting has ended are looked at: before, the answer
    to a code that is known is word for word the one to a code that is not.
    """
    if not is_code(code):
        return Answer("no_code")
    ended = {f"ballots:{each.pk}": each for each in contests if each.has_ended("voting")}
    found = ballot_coded(list(ended), code)
    if found is None:
        return Answer("unknown")
    name = entry_name(found.log, found.index) if found.index is not None else ""
    return Answer("found", line(found), name, ended[found.subject])


def check_words() -> dict[str, str]:
    """What the page says of a proof that the browser checks by itself (viche/proof.js)."""
    return {
        "bad-entry": _("Paste the entry and its proof."),
        "bad-proof": _("This is not a proof: it begins with c2sp.org/tlog-proof@v1."),
        "tree-right": _("The entry stands in the tree: its hash leads to the root of the checkpoint."),
        "tree-wrong": _(
            "The entry is not in this tree: its hash does not lead to the root of the checkpoint."
        ),
        "key-right": _("The checkpoint is signed by the journal’s key."),
        "key-wrong": _("The journal’s signature under the checkpoint does not hold."),
        "key-unknown": _("Without the journal’s key its signature was not checked."),
        "key-unable": _(
            "This browser cannot check Ed25519 signatures: the tree was checked, the signature was not. The command"
            " below checks both."
        ),
        "witness-right": _("Also signed by the witness"),
        "witness-wrong": _("The signature of this witness does not hold:"),
        "insecure": _(
            "The browser checks proofs only on a protected page (https). Take the files and use the command below."
        ),
    }


def proof_keys(log: Log) -> list[str]:
    """Keys that signatures under the log's checkpoint are checked by: the log's, those of its witnesses."""
    key = publishing.key_of_log(log)
    return [*([key.text] if key else []), *(sight.key.text for sight in sights_of(log))]


def entry_name(log: Log, index: int) -> str:
    """What an entry is called in addresses: "2026/17"."""
    return f"{log.address}/{index}"
