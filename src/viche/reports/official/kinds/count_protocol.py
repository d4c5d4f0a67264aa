"""The protocol of the count, for the commission: what was counted, from what, by which rule, and who answers for it."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from viche.ballots.queries import box_of
from viche.contests.models import Contest
from viche.contests.places import rule_name
from viche.contests.wording import counting_text, tie_text
from viche.foundation.numbers import grouped
from viche.journal.queries import latest_of
from viche.reports.document import Document, Facts, Heading, Paragraph, Part, Shown, Signatures
from viche.reports.official.ballot_tables import (
    annulled_table,
    balance_table,
    channels_table,
    invalid_table,
    is_imported,
    paper_parts,
    voters_table,
)
from viche.reports.official.kind import PDF, WORKBOOK, Kind
from viche.reports.official.outcome_tables import (
    decided_count,
    established,
    pots_table,
    ranking_parts,
    ties_parts,
)
from viche.reports.official.tables import document_of, moment_text, shown_or
from viche.results.events import CountRun
from viche.results.models import Count
from viche.results.queries import certifications_of, publication_of
from viche.results.wording import Telling
from viche.review.queries import meetings_of, members_of, protocol_name


def is_ready(contest: Contest) -> str:
    """Once a member of the commission has certified a count, or the result is published."""
    if decided_count(contest) is not None:
        return ""
    return _("No count is certified yet.")


def build(contest: Contest) -> Document:
    """Raises ValueError where is_ready says why not."""
    count = decided_count(contest)
    if count is None:
        raise ValueError(f"contest {contest.pk}: no count to report")
    telling = Telling(count)
    parts: list[Part] = [
        _facts(contest, count), Heading(_("The commission")), *_commission(contest, count),
        Heading(_("Who took part")), *_voters(contest, count), Heading(_("The ballots")),
        Shown(balance_table(contest, count)),
        *shown_or(annulled_table(contest), _("No ballot was proposed to be annulled.")),
        *shown_or(invalid_table(contest, count), _("The count found no invalid ballot.")),
        Heading(_("Voting on paper")), *paper_parts(contest),
        Heading(_("How the winners are found")), Paragraph(counting_text(contest.rules, contest.currency)),
        Paragraph(_("Between equal projects decides: %(ways)s.") % {"ways": tie_text(contest.rules)}),
        Heading(_("Places of the projects")), *ranking_parts(contest, telling),
        Heading(_("Ties")), *ties_parts(contest, telling),
        Heading(_("What the count establishes")), Paragraph(established(contest, count)),
        Shown(pots_table(contest, telling)), Heading(_("How it is verified")), *_hashes(contest, count),
        _signatures(contest),
    ]  # fmt: skip
    return document_of(contest, _("Protocol of the count of votes"), parts)


def _facts(contest: Contest, count: Count) -> Facts:
    """The contest, its regulation and the moments of the count."""
    version, voting, box = contest.rules_version, contest.window("voting"), box_of(contest)
    published = publication_of(contest)
    decision = version.decision
    if version.decision_date is not None:
        decision += " " + _("of %(day)s") % {"day": date_format(version.decision_date, "j E Y")}
    rows = [
        (_("Body"), contest.community.title), (_("Contest"), contest.name),
        (_("Regulation approved by"), decision.strip() or _("not named")),
        (_("Edition of the regulation"), grouped(version.number)), (_("SHA-256 of the regulation"), version.digest),
    ]  # fmt: skip
    if voting is not None:
        rows.append((_("Voting opened"), moment_text(voting.starts_at)))
        if voting.ends_at is not None:
            rows.append((_("Voting closed"), moment_text(voting.ends_at)))
    if box is not None and box.opened_at is not None and not is_imported(contest):
        rows.append((_("Ballot box opened"), moment_text(box.opened_at)))
    rows += [
        (_("Counting rule"), f"{rule_name(count.rule)} ({count.rule})"),
        (_("Count"), _("No. %(number)d of %(moment)s")
         % {"number": count.number, "moment": moment_text(count.counted_at)}),
        (_("Result published"), moment_text(published.published_at) if published else _("not yet")),
    ]  # fmt: skip
    return Facts(tuple(rows))


def _commission(contest: Contest, count: Count) -> list[Part]:
    certified = {each.person_id: each for each in certifications_of(count)}
    people = {each.pk: each for each in members_of(contest.community)}
    people |= {key: each.person for key, each in certified.items()}
    if is_imported(contest):
        return [
            Paragraph(
                _(
                    "The election was held and certified by its own commission elsewhere; its published ballots were"
                    " counted again."
                )
            )
        ]
    if not people:
        return [Paragraph(_("The members of the commission are not on record."))]
    rows = sorted(
        (
            protocol_name(person),
            _("certified the count on %(moment)s") % {"moment": moment_text(certified[key].at)}
            if key in certified
            else _("has not certified the count"),
        )
        for key, person in people.items()
    )
    said = ngettext(
        "%(number)s member of the commission has certified the count.",
        "%(number)s members of the commission have certified the count.", len(certified),
    ) % {"number": grouped(len(certified))}  # fmt: skip
    return [Paragraph(said), Facts(tuple(rows))]


def _voters(contest: Contest, count: Count) -> list[Part]:
    found = voters_table(contest, count)
    parts: list[Part] = []
    if found is not None:
        parts.append(Shown(found))
        if found.rows[0].values[0] is None:
            parts.append(
                Paragraph(_("The body keeps no register of its members here: the turnout is not known."))
            )
    by_channel = channels_table(contest, count)
    return parts + shown_or(by_channel, _("By which ways people voted is not known here."))


def _hashes(contest: Contest, count: Count) -> list[Part]:
    box = box_of(contest)
    rows = [
        (_("SHA-256 of the dossier: all that the count saw"), count.dossier_digest),
        (_("SHA-256 of the outcome"), count.outcome_digest),
    ]
    if box is not None and box.lot_commitment:
        rows += [
            (_("Commitment of the public lot"), box.lot_commitment),
            (_("Seed of the public lot"), box.lot_seed or _("not shown yet")),
        ]
    entry = latest_of(f"contest:{contest.pk}", CountRun.__name__)
    if entry is not None:
        name, line = entry
        rows.append((_("Entry %(name)s of the journal: the count") % {"name": name}, line.leaf_hash))
    command = f"python -m rulebook verify {contest.slug}-dossier.json {contest.slug}-outcome.json"
    said = _("Whoever has the published dossier and outcome counts them again: %(command)s")
    return [Facts(tuple(rows)), Paragraph(said % {"command": command})]


def _signatures(contest: Contest) -> Signatures:
    """The chair and the secretary of the last meeting, then the members; empty lines for those not on record."""
    meeting = meetings_of(contest).filter(closed_at__isnull=False).order_by("-closed_at").first()
    chair = meeting.chair if meeting is not None else None
    secretary = meeting.secretary if meeting is not None else None
    members = [
        each for each in ([] if is_imported(contest) else members_of(contest.community))
        if each not in (chair, secretary)
    ]  # fmt: skip
    places = [
        (_("Chair of the commission"), protocol_name(chair) if chair else ""),
        (_("Secretary of the commission"), protocol_name(secretary) if secretary else ""),
        *((_("Member of the commission"), protocol_name(each)) for each in members),
    ]
    if not members:
        places.append((_("Member of the commission"), ""))
    return Signatures(tuple(places))


KIND = Kind(
    "count-protocol", gettext_lazy("Protocol of the count of votes"),
    gettext_lazy(
        "For the commission to sign: the ballots from the box to the count, the places of all projects, the winners,"
        " and the hashes by which anybody verifies them."
    ),
    # what a count found is told to everybody by its publication, and by nothing before
    is_ready, build, forms=(PDF, WORKBOOK), is_signed=True,
    may_show=lambda contest: publication_of(contest) is not None,
)  # fmt: skip
