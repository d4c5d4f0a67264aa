"""The rules are frozen by a decision; afterwards only a decision corrects what has not been used yet."""

import re
from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from rulebook import calendar
from rulebook.options import LOT
from rulebook.rules import Change, Rules, differences
from viche.contests.actions.checking import issues_before_freeze
from viche.contests.actions.rights import administrator_only
from viche.contests.events import RulesCorrected, RulesFrozen
from viche.contests.models import PHASE_NAMES, Contest, RulesVersion
from viche.contests.places import place_words
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.journal import actions as journal

CORRECTABLE: tuple[tuple[str, str | None], ...] = (
    (r"/pots/\d+/(amount|share|name)", calendar.VOTING),
    (r"/(size_classes|categories|types|pots)", calendar.SUBMISSION),
    (r"/(author|author_max_projects|submission)", calendar.SUBMISSION),
    # projects are signed from the first submission on where the days run from it, and what becomes of a signature
    # each signatory was told before
    (r"/support/(withdrawal|signatories|e_signature)", calendar.SUBMISSION),
    (r"/(support|supporter)", calendar.SUPPORT),
    # a refusal and its appeal are of the review
    (r"/(review|working_calendar|appeal)", calendar.REVIEW),
    (
        r"/(total|voter|ballot|channels|identity_methods|fresh_minutes|counting|live_results|extension|box_key|paper)",
        calendar.VOTING,
    ),
    (r"/approval", calendar.RESULTS),
    (r"/(title|source|implementation|publication|comments)", None),
    (r"/schema", calendar.SUBMISSION),
)
"""Until the beginning of which phase a frozen setting may still be corrected by decision (None: always).

The first row that fits a setting counts: what people have already relied on is not changed under them.
"""


def locked_changes(contest: Contest, changes: Iterable[Change]) -> list[str]:
    """What of a correction comes too late, in words."""
    now, said = clock.now(), []
    for change in changes:
        phase = next(
            (until for pattern, until in CORRECTABLE if re.match(pattern + r"(/|$)", change.path)), None
        )
        if phase is None:
            continue
        # a phase the contest has not is over as soon as the one after it has begun
        begun = [
            window
            for window in contest.schedule
            if calendar.PHASES.index(window.phase) >= calendar.PHASES.index(phase) and window.starts_at <= now
        ]
        if begun:
            said.append(
                _("%(place)s: it can be corrected only until the phase “%(phase)s” begins.")
                % {"place": place_words(change.path, contest.rules), "phase": PHASE_NAMES[phase]}
            )
    return list(dict.fromkeys(said))


def issues_before_correction(contest: Contest, rules: Rules) -> list[str]:
    """What keeps a draft from correcting the frozen rules, in words."""
    changes = differences(contest.rules_version.document, rules.as_document())
    issues = [] if changes else [_("The draft says the same as the rules in force.")]
    issues += locked_changes(contest, changes)
    if (LOT in rules.counting.ties) != (LOT in contest.rules.counting.ties):
        issues.append(
            _("The public lot is drawn with the ballot box: it can no longer be added or taken away.")
        )
    return [*issues, *issues_before_freeze(contest, rules)]


def freeze_rules(
    *, contest: Contest, decision: str, by: Actor, decision_url: str = "", decision_date: date | None = None
) -> RulesVersion:
    """Freeze the newest draft by a decision of the council; locks the version; journal: RulesFrozen.

    For whoever runs the installation (imports, demonstrations, commands); officials propose and confirm
    (contests.actions.proposals). decision: its number and date. Refused: not_administrator, second_official,
    no_decision, rules_have_problems, already_frozen, bad_value.
    """
    administrator_only(by, contest.community)
    if by.kind != "system":
        raise Refused(
            "second_official",
            _("Freezing the rules needs two officials: propose it, and another confirms."),
            status=403,
        )
    check_decision(decision)
    if not contest.is_frozen and (issues := issues_before_freeze(contest)):
        raise Refused("rules_have_problems", " ".join(issues), fields={"rules": issues}, status=422)
    with transaction.atomic():
        version = newest_version(contest)
        if contest_is_frozen(contest):
            raise Refused("already_frozen", _("The rules of this contest are already frozen."))
        put_in_force(
            version, decision=decision, decision_url=decision_url, decision_date=decision_date, by=by,
            event=RulesFrozen,
        )  # fmt: skip
    contest.forget_cached()
    return version


def check_decision(decision: str) -> None:
    """Refused: no_decision."""
    if not decision.strip():
        message = _("Name the decision that approved the rules: its number and date.")
        raise Refused("no_decision", message, fields={"decision": message}, status=422)


def newest_version(contest: Contest) -> RulesVersion:
    """The newest version, locked until the end of the transaction; the contest's row is locked first."""
    Contest.objects.select_for_update(no_key=True).get(pk=contest.pk)
    version = (
        RulesVersion.objects.select_for_update(of=("self",))
        .select_related("contest__community")
        .filter(contest=contest)
        .order_by("-number")
        .first()
    )
    assert version is not None
    return version


def contest_is_frozen(contest: Contest) -> bool:
    """Asked of the database, inside the transaction that holds the contest's row."""
    return RulesVersion.objects.filter(contest=contest, frozen_at__isnull=False).exists()


def put_in_force(
    version: RulesVersion, *, decision: str, decision_url: str, decision_date: date | None, by: Actor,
    event: type[RulesFrozen] | type[RulesCorrected],
) -> None:  # fmt: skip
    """Freeze one version, held by the caller, and write it into the journal. Refused: bad_value."""
    version.decision = decision.strip()
    version.decision_url = decision_url
    version.decision_date = decision_date
    version.frozen_at = clock.now()
    try:
        version.clean_fields()
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise Refused("bad_value", f"{name}: {messages[0]}", fields=error.message_dict, status=422) from None
    version.save()
    journal.append(
        event(
            contest=str(version.contest_id), number=version.number, digest=version.digest,
            decision=version.decision,
        ),
        community=version.contest.community.code, year=clock.year(), by=by,
    )  # fmt: skip
