"""The statement of results, for publication: who won and gets how much, who did not win and why."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from viche.contests.models import Contest
from viche.contests.wording import counting_text
from viche.foundation.numbers import grouped
from viche.reports.document import Document, Facts, Heading, Paragraph, Part, Shown
from viche.reports.official.ballot_tables import voters_table
from viche.reports.official.kind import PDF, WORKBOOK, Kind
from viche.reports.official.outcome_tables import (
    established,
    losers_table,
    pots_table,
    ties_parts,
    winners_parts,
)
from viche.reports.official.tables import document_of, moment_text, shown_or
from viche.reports.queries import figures_of
from viche.results.queries import publication_of
from viche.results.wording import Telling

COMPARED = {
    "official:equal": gettext_lazy(
        "The count of the published ballots finds exactly the winners that the body had announced."
    ),
    "official:different": gettext_lazy(
        "The winners that the body had announced differ from those of the count of the published ballots."
    ),
}


def is_ready(contest: Contest) -> str:
    """Once the result is published."""
    return "" if publication_of(contest) is not None else _("The result is not published yet.")


def build(contest: Contest) -> Document:
    """Raises ValueError where is_ready says why not."""
    published = publication_of(contest)
    if published is None:
        raise ValueError(f"contest {contest.pk}: no published result")
    count = published.count
    telling = Telling(count)
    voters = voters_table(contest, count)
    version = contest.rules_version
    note = COMPARED.get(published.note)
    parts: list[Part] = [
        Paragraph(established(contest, count)), *([Paragraph(str(note))] if note else []),
        Facts((
            (_("Body"), contest.community.title), (_("Result published"), moment_text(published.published_at)),
            (_("Regulation approved by"), version.decision or _("not named")),
            (_("Edition of the regulation"), grouped(version.number)),
        )),
        *([Shown(voters)] if voters is not None else []), Shown(pots_table(contest, telling)),
        Heading(_("Winners")), *winners_parts(contest, telling), Heading(_("Projects that did not win")),
        *shown_or(losers_table(contest, telling), _("Every project on the ballot won.")),
        *(Shown(each) for each in figures_of(contest, ["why-not"])),
        Heading(_("Ties")), *ties_parts(contest, telling),
        Heading(_("How the winners are found")), Paragraph(counting_text(contest.rules, contest.currency)),
        *(Shown(each) for each in figures_of(contest, ["satisfaction"])),
        Facts((
            (_("SHA-256 of the dossier: all that the count saw"), count.dossier_digest),
            (_("SHA-256 of the outcome"), count.outcome_digest),
        )),
    ]  # fmt: skip
    return document_of(contest, _("Statement of results"), parts)


KIND = Kind(
    "results-statement", gettext_lazy("Statement of results"),
    gettext_lazy("For publication: the winners with their money, and why the other projects did not win."), is_ready,
    build, forms=(PDF, WORKBOOK),
)  # fmt: skip
