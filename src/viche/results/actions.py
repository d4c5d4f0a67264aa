"""Writes of the results room."""

import contextlib
import hashlib
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from procrastinate.contrib.django import app as jobs
from procrastinate.exceptions import AlreadyEnqueued

from rulebook.counting import count as count_ballots
from viche import __version__
from viche.ballots.models import Box
from viche.ballots.queries import dossier as dossier_of
from viche.ballots.unlinking import delete_keys
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.models import Role
from viche.journal import actions as journal
from viche.projects import actions as projects
from viche.results.events import CountRun, ResultCertified, ResultPublished, TieDecided
from viche.results.explaining import written_pages
from viche.results.models import Certification, Count, ExplanationPage, Publication, TieDecision
from viche.results.queries import latest_count, open_ties, tie_decisions
from viche.review.queries import rivals_of

QUORUM = 2


def run_count(*, contest: Contest, by: Actor) -> Count:
    """Count the opened ballots by the contest's rule and store dossier and outcome; journal: CountRun.

    The commission's recorded decisions of ties, and its marks of projects that exclude each other, are part of the
    dossier. Counting the same dossier again is the same count. Queues the writing of the pages that explain it. Locks
    the contest. Refused: not_commission, box_not_opened.
    """
    if not by.holds(Role.COMMISSION, Role.ADMINISTRATOR, community=contest.community.code):
        raise Refused("not_commission", _("Only the commission counts."), status=403)
    box = Box.objects.filter(contest=contest).first()
    if box is None or box.opened_at is None:
        raise Refused("box_not_opened", _("The box is not opened yet: there is nothing to count."))
    dossier = dossier_of(
        contest, decisions=[decision.order for decision in tie_decisions(contest)], rivals=rivals_of(contest)
    )
    known = Count.objects.filter(contest=contest, dossier_digest=dossier.digest).first()
    if known is not None:
        return known
    outcome = count_ballots(dossier)
    with transaction.atomic():
        Contest.objects.select_for_update().get(pk=contest.pk)
        known = Count.objects.filter(contest=contest, dossier_digest=dossier.digest).first()
        if known is not None:
            return known
        number = (Count.objects.filter(contest=contest).aggregate(last=Max("number"))["last"] or 0) + 1
        stored = Count.objects.create(
            community=contest.community, contest=contest, number=number, rule=outcome.rule,
            dossier=dossier.canonical().decode(), dossier_digest=dossier.digest,
            outcome=outcome.document(), outcome_digest=outcome.digest, is_decided=outcome.is_decided,
            counted_at=clock.now(),
        )  # fmt: skip
        journal.append(
            CountRun(
                contest=str(contest.id), number=number, rule=outcome.rule, dossier=dossier.digest,
                outcome=outcome.digest,
            ),
            community=contest.community.code, year=clock.year(), by=by,
        )  # fmt: skip
        prepare_explanations(count=stored)
    return stored


def decide_tie(*, count: Count, order: Sequence[str], protocol: str, by: Actor, note: str = "") -> Count:
    """Record the commission's decision of a tie that the latest count left open, and count again with it.

    order: the codes of exactly the projects of one open tie, the best first. protocol: its number and date.
    Decision, journal entry (TieDecided) and the new count are one transaction; returns that count. Locks the
    contest. Refused: not_commission, published, not_latest, bad_order, no_protocol, bad_value.
    """
    contest = count.contest
    if Role.COMMISSION not in by.roles_in(contest.community.code):
        raise Refused(
            "not_commission", _("Only a member of the commission records its decision."), status=403
        )
    if not protocol.strip():
        message = _("Name the protocol of the decision: its number and date.")
        raise Refused("no_protocol", message, fields={"protocol": message}, status=422)
    with transaction.atomic():
        Contest.objects.select_for_update().get(pk=contest.pk)
        if Publication.objects.filter(contest=contest).exists():
            raise Refused("published", _("The result is published: nothing about it is decided any more."))
        latest = latest_count(contest)
        if latest is None or latest.pk != count.pk:
            raise _superseded()
        if not any(sorted(tie["projects"]) == sorted(order) for tie in open_ties(count)):
            message = _("Name every project of the open tie once, and no other.")
            raise Refused("bad_order", message, fields={"order": message}, status=422)
        decision = TieDecision(
            community=contest.community, contest=contest, count=count, number=len(tie_decisions(contest)) + 1,
            order=list(order), protocol=protocol.strip(), note=note.strip(), person_id=by.person_id,
            decided_at=clock.now(),
        )  # fmt: skip
        try:
            decision.clean_fields()
        except ValidationError as error:
            first = next(iter(error.message_dict.values()))[0]
            raise Refused("bad_value", first, fields=error.message_dict, status=422) from None
        try:
            with transaction.atomic():
                decision.save(force_insert=True)
        except IntegrityError:
            raise _superseded() from None
        journal.append(
            TieDecided(
                contest=str(contest.id), number=decision.number, count=count.number, order=decision.order,
                protocol=decision.protocol, note_digest=hashlib.sha256(decision.note.encode()).hexdigest(),
            ),
            community=contest.community.code, year=clock.year(), by=by,
        )  # fmt: skip
        return run_count(contest=contest, by=by)


def _superseded() -> Refused:
    return Refused(
        "not_latest", _("The ballots were counted again meanwhile: look at the latest count first.")
    )


def prepare_explanations(*, count: Count) -> None:
    """Queue the writing of the pages that explain a count; asking again while it waits changes nothing."""
    name = f"explain:{count.pk}"
    task = jobs.configure_task("viche.results.jobs.explain_count", lock=name, queueing_lock=name)
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        task.defer(count_id=str(count.pk))


def make_explanations(*, count: Count) -> None:
    """Write the pages that explain a count and keep them; those of this version are not written again.

    For a large city this takes many seconds: its place is a job. Raises ValueError where the stored dossier does
    not lead to the stored outcome.
    """
    kept = ExplanationPage.objects.filter(count_id=count.pk, edition=__version__)
    if kept.exists():
        return
    moment = clock.now()
    pages = [
        ExplanationPage(
            count_id=count.pk, kind=kind, language=language, edition=__version__, html=html, written_at=moment
        )
        for (kind, language), html in written_pages(count).items()
    ]
    ExplanationPage.objects.bulk_create(
        pages, update_conflicts=True, unique_fields=["count", "kind", "language"],
        update_fields=["edition", "html", "written_at"],
    )  # fmt: skip


def certify_result(*, count: Count, by: Actor) -> Certification:
    """A member of the commission confirms the count; journal: ResultCertified.

    Refused: not_commission, undecided (a tie is open), already_certified.
    """
    if Role.COMMISSION not in by.roles_in(count.contest.community.code):
        raise Refused("not_commission", _("Only a member of the commission certifies a result."), status=403)
    if not count.is_decided:
        raise Refused(
            "undecided", _("A tie that decides about money is still open: the commission must resolve it.")
        )
    try:
        with transaction.atomic():
            certification = Certification.objects.create(count=count, person_id=by.person_id, at=clock.now())
            journal.append(
                ResultCertified(
                    contest=str(count.contest_id), number=count.number, outcome=count.outcome_digest
                ),
                community=count.contest.community.code, year=clock.year(), by=by,
            )  # fmt: skip
    except IntegrityError:
        raise Refused("already_certified", _("You have already certified this count.")) from None
    return certification


def issues_before_publication(count: Count) -> list[str]:
    """What keeps the result from being published, in words."""
    issues = []
    if not count.is_decided:
        issues.append(_("A tie that decides about money is still open."))
    if not count.contest.origin:
        missing = QUORUM - count.certifications.count()
        if missing > 0:
            issues.append(
                ngettext(
                    "%(missing)d more member of the commission must certify the count.",
                    "%(missing)d more members of the commission must certify the count.",
                    missing,
                )
                % {"missing": missing}
            )
    if not count.contest.phases & {"counting", "results"}:
        issues.append(_("The schedule has not reached the counting yet."))
    return issues


def publish_result(*, count: Count, by: Actor, note: str = "") -> Publication:
    """Publish a certified count: projects get their outcome, once; journal: ResultPublished.

    An imported election was certified by its own commission and needs no quorum here. Locks the contest.
    Publishing again answers with the same publication. Refused: not_commission, not_ready.
    """
    if not by.holds(Role.COMMISSION, Role.ADMINISTRATOR, community=count.contest.community.code):
        raise Refused("not_commission", _("Only the commission publishes a result."), status=403)
    contest = count.contest
    with transaction.atomic():
        Contest.objects.select_for_update().get(pk=contest.pk)
        published = Publication.objects.filter(contest=contest).first()
        if published is not None:
            return published
        if issues := issues_before_publication(count):
            raise Refused("not_ready", " ".join(issues))
        funded = count.outcome["funded"]
        projects.mark_outcome(contest=contest, funded=funded)
        published = Publication.objects.create(
            contest=contest, count=count, note=note, published_at=clock.now()
        )
        journal.append(
            ResultPublished(
                contest=str(contest.id), number=count.number, funded=len(funded), outcome=count.outcome_digest
            ),
            community=contest.community.code, year=clock.year(), by=by,
        )  # fmt: skip
    return published


def delete_old_keys() -> int:
    """Destroy the keys of contests whose result was published settings.KEYS_KEPT_DAYS ago; how many. Journal:
    KeysDestroyed. An archived body's log takes no entry: its keys stay until it is brought back.
    """
    limit = clock.now() - timedelta(days=settings.KEYS_KEPT_DAYS)
    old = Publication.objects.filter(published_at__lte=limit, contest__community__archived_at=None)
    return sum(
        delete_keys(contest=each.contest) for each in old.select_related("contest__community__territory")
    )
