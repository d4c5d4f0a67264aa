"""The draft of a contest's rules: every saving is a version; two officials who save at once lose nothing."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rulebook.rules import Rules, RulesError, merge, parse
from viche.contests.actions.rights import editor_only
from viche.contests.models import Contest, Proposal, RulesVersion
from viche.contests.places import problem_in_words
from viche.contests.queries import draft_of
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused


class EditedMeanwhile(Refused):
    """Somebody saved other values of the same settings first.

    latest: the newest version; merged: its document with the settings of this attempt put in; paths: the
    settings (JSON Pointers) on which the two disagree.
    """

    def __init__(self, latest: RulesVersion, merged: dict[str, Any], paths: list[str]) -> None:
        super().__init__(
            "edited_meanwhile",
            gettext_lazy(
                "Somebody else saved other values of the same settings meanwhile. Nothing of yours is lost."
            ),
        )
        self.latest, self.merged, self.paths = latest, merged, paths


def revise_rules(
    *, contest: Contest, base: int, document: Mapping[str, Any], by: Actor, note: str = ""
) -> RulesVersion:
    """Save a draft of the rules as a new version; locks the contest. The same draft twice is one version.

    base: the number of the version the change was made from. Where others saved meanwhile, their changes of other
    settings are kept and these put beside them; where both changed the same setting, EditedMeanwhile says what.
    In a contest with frozen rules the draft is one of a correction. Refused: not_editor, bad_rules (fields: lines
    by JSON Pointer), proposal_open, edited_meanwhile, no_base, pressed_twice.
    """
    editor_only(by, contest.community)
    rules = parsed_rules(document)
    with transaction.atomic():
        Contest.objects.select_for_update(no_key=True).get(pk=contest.pk)
        latest = RulesVersion.objects.filter(contest=contest).order_by("-number").first()
        assert latest is not None
        if latest.digest == rules.digest:
            return latest
        if Proposal.objects.filter(
            contest=contest, state=Proposal.State.OPEN, act__in=[Proposal.Act.FREEZE, Proposal.Act.CORRECT]
        ).exists():
            raise Refused(
                "proposal_open",
                _("The rules wait for a second official. Withdraw or decline that proposal first."),
            )
        if latest.number != base:
            former = RulesVersion.objects.filter(contest=contest, number=base).first()
            if former is None:
                raise Refused(
                    "no_base", _("The draft this page was made from is no longer there. Open the page anew.")
                )
            merged, conflicts = merge(former.document, rules.as_document(), latest.document)
            if conflicts:
                raise EditedMeanwhile(latest, merged, conflicts)
            rules = parsed_rules(merged)
        version = RulesVersion(
            contest=contest, number=latest.number + 1, document=rules.as_document(), digest=rules.digest,
            note=note[:80], made_at=clock.now(), made_by_id=by.person_id,
        )  # fmt: skip
        try:
            with transaction.atomic():
                version.save(force_insert=True)
        except IntegrityError:
            raise Refused("pressed_twice", _("This draft is being saved already.")) from None
    contest.forget_cached()
    return version


def parsed_rules(document: Mapping[str, Any]) -> Rules:
    """The rules of a document. Refused: bad_rules, with the lines by the place they concern."""
    try:
        return parse(document)
    except RulesError as error:
        fields: dict[str, list[str]] = {}
        for problem in error.problems:
            fields.setdefault(problem.path, []).append(problem_in_words(problem, None))
        message = " ".join(line for lines in fields.values() for line in lines)
        raise Refused("bad_rules", message, fields=fields, status=422) from None


def discard_draft(*, contest: Contest, by: Actor) -> None:
    """Forget the draft of a correction: the frozen rules stay as they are; locks the contest.

    What was drafted stays in the history, and a version that says what is in force stands above it: the number of a
    version is never given twice, so that a page still open from before is told apart.
    Refused: not_editor, proposal_open, not_frozen.
    """
    editor_only(by, contest.community)
    with transaction.atomic():
        held = Contest.objects.select_for_update(no_key=True).get(pk=contest.pk)
        if not held.is_frozen:
            raise Refused("not_frozen", _("These rules were never frozen: there is nothing to go back to."))
        if held.proposals.filter(state=Proposal.State.OPEN, act=Proposal.Act.CORRECT).exists():
            raise Refused(
                "proposal_open",
                _("The rules wait for a second official. Withdraw or decline that proposal first."),
            )
        draft, in_force = draft_of(held), held.rules_version
        if draft is not None:
            RulesVersion.objects.create(
                contest=held, number=draft.number + 1, document=in_force.document, digest=in_force.digest,
                note="discarded", made_at=clock.now(), made_by_id=by.person_id,
            )  # fmt: skip
    contest.forget_cached()
