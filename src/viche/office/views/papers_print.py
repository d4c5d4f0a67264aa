"""Print ballots: take numbers for new sheets, download them, the forms of a polling point."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from rulebook.rules.vocabulary import PAPER
from viche.ballots.papers import print_papers
from viche.channels.paper.sheets.book import LANGUAGES, paper_key, sheet_layout
from viche.channels.paper.sheets.forms import Place, protocol_pdf, sign_in_pdf
from viche.channels.paper.sheets.printed import last_number, printable, runs_of
from viche.channels.paper.sheets.printing import MOST_SHEETS, ballots_pdf, specimen_pdf
from viche.contests.models import Contest
from viche.foundation.refused import Refused
from viche.identity.models import NOTHING, Role
from viche.office.contest_tabs import contest_tabs
from viche.office.forms.papers_print import FileForm, LookForm, PrintForm
from viche.points.queries import point_named, points_in
from viche.portal.guards import in_contest, official

PRINTERS = (Role.COMMISSION, Role.ADMINISTRATOR)
LOOK = {"print": "normal", "languages": "uk", "order": "fixed"}


@official(*PRINTERS, shows=NOTHING)
@in_contest
def papers_print(request: HttpRequest, contest: Contest) -> HttpResponse:
    """What is printed so far, a form for more, files of what was just taken, a specimen, blank forms."""
    points = {str(each.pk): each.name for each in points_in(contest.community)}
    form = PrintForm(
        request.POST or None,
        points=list(points.items()),
        initial={"after": last_number(contest), "number": 100},
    )
    if request.method == "POST" and form.is_valid() and (where := _taken(request, contest, form)):
        return HttpResponseRedirect(where)
    look = _look(request)
    return render(
        request,
        "office/papers_print.html",
        {
            "contest": contest, "tabs": contest_tabs(contest, "print"), "form": form,
            "is_offered": contest.is_frozen and any(each.kind == PAPER for each in contest.rules.channels),
            "runs": [
                {
                    "point": points.get(str(run.point), ""), "run": run,
                    "files": _files(contest, run.first, run.last, look, run.point) if run.waiting else [],
                }
                for run in runs_of(contest)
            ],
            "fresh": _fresh(request, contest, look), "points": points.items(), "specimens": _specimens(contest),
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


@official(*PRINTERS, shows=NOTHING)
@in_contest
def papers_file(request: HttpRequest, contest: Contest, name: str) -> HttpResponse:
    """A file to print: ballots of a range of numbers, a specimen, the protocol or the sign-in list of a point."""
    if name == "ballots":
        content, title = _ballots(request, contest)
    elif name == "specimen":
        form = LookForm(LOOK | request.GET.dict())
        if not form.is_valid():
            raise Http404(name)
        content, title = (
            specimen_pdf(sheet_layout(contest, **form.look()), key=paper_key(contest)),
            "specimen",
        )
    elif name in ("protocol", "sign-in"):
        content, title = _form_of_point(request, contest, name), name
    else:
        raise Http404(name)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{contest.slug}-{title}.pdf"'
    return response


def _taken(request: HttpRequest, contest: Contest, form: PrintForm) -> str:
    """Take the numbers: where to go on to; "" where the form has faults."""
    last = last_number(contest)
    if form.cleaned_data["after"] != last:
        form.data = form.data.copy()
        form.data["after"] = str(last)
        form.add_error(
            None,
            _("Numbers up to %d were taken meanwhile. Look at what is printed; send again for more.") % last,
        )
        return ""
    try:
        sheet_layout(contest, **form.look())
        numbers = print_papers(
            contest=contest, number=form.cleaned_data["number"], point=form.for_point(), by=request.visitor.actor()  # type: ignore[attr-defined]
        )  # fmt: skip
    except Refused as refused:
        if refused.status == 403:
            raise
        form.refuse(refused)
        return ""
    text = ngettext(
        "%(n)d number is taken: download the ballot.",
        "%(n)d numbers are taken: download the ballots.",
        len(numbers),
    )
    messages.success(request, text % {"n": len(numbers)})
    said = {name: form.cleaned_data[name] for name in LOOK} | {"first": numbers[0], "last": numbers[-1]}
    return f"{reverse('office-papers-print', args=[contest.slug])}?{urlencode(said)}#fresh"


def _look(request: HttpRequest) -> dict[str, str]:
    form = LookForm(LOOK | request.GET.dict())
    return {name: form.cleaned_data[name] for name in LOOK} if form.is_valid() else dict(LOOK)


def _fresh(request: HttpRequest, contest: Contest, look: dict[str, str]) -> list[tuple[str, str]]:
    """Files of the numbers that the address names."""
    form = FileForm(LOOK | request.GET.dict())
    if "first" not in request.GET or not form.is_valid():
        return []
    return _files(
        contest, form.cleaned_data["first"], min(form.cleaned_data["last"], last_number(contest)), look, None
    )


def _files(
    contest: Contest, first: int, last: int, look: dict[str, str], point: UUID | None
) -> list[tuple[str, str]]:  # fmt: skip
    """(text, address) of the files that a range is parted into."""
    files = []
    for start in range(first, last + 1, MOST_SHEETS):
        end = min(start + MOST_SHEETS - 1, last)
        said = {**look, "first": start, "last": end} | ({"point": str(point)} if point else {})
        files.append(
            (_("Ballots No. %(first)d–%(last)d") % said, f"{_address(contest, 'ballots')}?{urlencode(said)}")
        )
    return files


def _specimens(contest: Contest) -> list[tuple[str, str]]:
    rows = (("normal", "uk", _("Ordinary print")), ("large", "uk", _("Large print")),
            ("normal", "uk-en", _("In two languages")))  # fmt: skip
    return [
        (text, f"{_address(contest, 'specimen')}?{urlencode({'print': size, 'languages': spoken})}")
        for size, spoken, text in rows
    ]


def _address(contest: Contest, name: str) -> str:
    return reverse("office-papers-file", args=[contest.slug, name])


def _ballots(request: HttpRequest, contest: Contest) -> tuple[bytes, str]:
    """Refused: auditor_reads, nothing_left; 404 for a range that no file has."""
    if request.reads_only:  # type: ignore[attr-defined]
        raise Refused("auditor_reads", _("An auditor does not print ballots."), status=403)
    form = FileForm(LOOK | request.GET.dict())
    if not form.is_valid() or not 0 <= form.cleaned_data["last"] - form.cleaned_data["first"] < MOST_SHEETS:
        raise Http404("ballots")
    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    serials = printable(contest, first, last, _point(request))
    if not serials:
        raise Refused(
            "nothing_left", _("None of these ballots can be printed again: they are given out or destroyed.")
        )
    layout = sheet_layout(contest, **form.look())
    return ballots_pdf(layout, serials, key=paper_key(contest)), f"ballots-{first}-{last}"


def _form_of_point(request: HttpRequest, contest: Contest, name: str) -> bytes:
    reference = _point(request)
    found = point_named(contest.community, reference) if reference else None
    place = Place(found.name, found.address) if found else Place()
    spoken = LANGUAGES.get(request.GET.get("languages", "uk"), LANGUAGES["uk"])[0]
    with override(spoken):
        return protocol_pdf(contest, place) if name == "protocol" else sign_in_pdf(contest, place)


def _point(request: HttpRequest) -> UUID | None:
    said: Any = request.GET.get("point", "")
    try:
        return UUID(said) if said else None
    except ValueError as error:
        raise Http404(said) from error
