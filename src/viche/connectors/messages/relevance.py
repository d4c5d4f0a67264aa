"""Whom an entry of the journal concerns: one table, one row a kind.

A kind without a row still reaches whoever follows its project or contest, in the daily digest.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from rulebook.lifecycle import APPEALED, CHECKING, CONDITIONAL, IN_REVIEW, RETURNED, SENT_BACK, SIGNING
from viche.identity.models import Role

TASKS, OWN, FOLLOWED, SEARCHES = GROUPS = ("tasks", "own", "followed", "searches")

GROUP_NAMES = {
    TASKS: _("What waits for you: tasks and reminders"),
    OWN: _("My projects"),
    FOLLOWED: _("What I follow"),
    SEARCHES: _("New projects that fit my searches"),
}

# how a group is told where the person has said nothing (models.Wish.Mode)
DEFAULT_MODES = {TASKS: "at_once", OWN: "important", FOLLOWED: "digest", SEARCHES: "digest"}


@dataclass(frozen=True)
class Row:
    """Of one kind of entry.

    is_urgent: told at once unless the person chose otherwise. authors: told to the project's authors; in a row about
    a contest, to everybody with a project in it. followers: told to who follows the subject. body: told to who
    follows the whole body, too. task: the authors must act while the project is in one of these states. roles: offices
    in the body that must act, while the project is in a state of ``while_in`` (any, where it is empty). page: where
    those officials act, by the name of its address. sentence: where the journal's own names hashes, which a person
    told of it has no use for.
    """

    is_urgent: bool = False
    authors: bool = True
    followers: bool = True
    body: bool = False
    task: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    while_in: tuple[str, ...] = ()
    page: str = "office-contest"
    sentence: str = ""


OTHER = Row()
NOBODY = Row(authors=False, followers=False)
CHECKERS = (Role.EDITOR, Role.ADMINISTRATOR)

ROWS: Mapping[str, Row] = {
    # projects: before publication
    "ProjectSubmitted": Row(roles=(*CHECKERS, Role.COMMISSION), while_in=(CHECKING,)),
    "ProjectPublished": Row(is_urgent=True),
    "ProjectPublishedUnchecked": Row(is_urgent=True),
    "ProjectSentBack": Row(is_urgent=True, followers=False, task=(SENT_BACK,)),
    "ProjectResubmitted": Row(roles=(*CHECKERS, Role.COMMISSION), while_in=(CHECKING, IN_REVIEW)),
    "ProjectSubmittedAgain": Row(roles=CHECKERS, while_in=(CHECKING,)),
    "ProjectRefusedByCheck": Row(is_urgent=True),
    "ProjectEdited": Row(),
    "ProjectWithdrawn": Row(is_urgent=True),
    # support
    # a signature each: the number stands on the page, and the threshold has an entry of its own
    "ProjectSigned": NOBODY,
    "ProjectSignatureWithdrawn": NOBODY,
    "SupportReached": Row(is_urgent=True, roles=(Role.COMMISSION,), while_in=(IN_REVIEW,)),
    "ProjectNotSupported": Row(is_urgent=True),
    # the review
    "QuestionAsked": Row(is_urgent=True, followers=False, task=(IN_REVIEW, CHECKING, RETURNED)),
    "QuestionAnswered": Row(roles=(Role.COMMISSION,), while_in=(IN_REVIEW,)),
    "OpinionGiven": Row(),
    # to whom it is given comes as a reminder (reminders_review)
    "ReviewAssigned": NOBODY,
    "ReviewerChanged": NOBODY,
    "AssignmentEnded": NOBODY,
    "CorrectionProposed": Row(is_urgent=True, followers=False, task=(IN_REVIEW, RETURNED, CONDITIONAL)),
    "StagePassed": Row(),
    "MergeOffered": Row(followers=False),
    "MergeAsked": Row(is_urgent=True, followers=False, task=(SIGNING, IN_REVIEW, RETURNED, CONDITIONAL)),
    "MergeDeclined": Row(followers=False),
    "ChangesDeclined": Row(roles=(Role.COMMISSION,), while_in=(IN_REVIEW,)),
    "ConditionsDeclined": Row(roles=(Role.COMMISSION,), while_in=(IN_REVIEW,)),
    "ReviewReopened": Row(is_urgent=True),
    "ProjectReturned": Row(is_urgent=True, task=(RETURNED,)),
    "ProjectConditionallyAdmitted": Row(is_urgent=True, task=(CONDITIONAL,)),
    "ConditionsAccepted": Row(is_urgent=True),
    "ProjectAdmitted": Row(is_urgent=True),
    "ProjectRefused": Row(is_urgent=True),
    "ProjectLapsed": Row(is_urgent=True),
    "ProjectMerged": Row(is_urgent=True),
    "AppealFiled": Row(roles=(Role.COMMISSION, Role.ADMINISTRATOR), while_in=(APPEALED,)),
    "AppealGranted": Row(is_urgent=True),
    "AppealDismissed": Row(is_urgent=True),
    "MeetingCalled": Row(roles=(Role.COMMISSION,)),
    "MeetingClosed": Row(),
    # after the vote
    "ProjectFunded": Row(is_urgent=True),
    "ProjectNotFunded": Row(is_urgent=True),
    "WorkStarted": Row(is_urgent=True),
    "MilestoneReached": Row(),
    # every statement of the treasury: the sum stands on the page
    "PaymentsRecorded": NOBODY,
    "WorkDelayed": Row(),
    "ProjectImplemented": Row(is_urgent=True),
    "WorkCancelled": Row(is_urgent=True),
    "NewsPublished": Row(),
    # talk: what was said stands on the page; new comments come as reminders (reminders.of_comments)
    "NewsHidden": Row(is_urgent=True, followers=False),
    "CommentHidden": NOBODY,
    "CommentShown": NOBODY,
    # contests
    "ContestCreated": NOBODY,
    "ScheduleSet": NOBODY,
    "ContestDiscarded": NOBODY,
    "RulesFrozen": Row(
        is_urgent=True,
        body=True,
        sentence=gettext_noop("A new contest: its rules are approved by decision “%(decision)s”"),
    ),
    "RulesCorrected": Row(
        body=True, sentence=gettext_noop("The rules are corrected by decision “%(decision)s”")
    ),
    "ProposalMade": Row(authors=False, followers=False, roles=(Role.ADMINISTRATOR,), page="office-contest"),
    "ProposalDeclined": NOBODY,
    "ProposalWithdrawn": NOBODY,
    "PhaseMoved": Row(is_urgent=True, body=True),
    "ContestExtended": Row(is_urgent=True, body=True),
    "PhaseDelayed": Row(body=True),
    "BoxMade": NOBODY,
    "LotCommitted": NOBODY,
    "LotShown": Row(authors=False, sentence=gettext_noop("The public lot is shown")),
    "BoxOpened": Row(authors=False),
    "BallotsImported": NOBODY,
    "CountRun": Row(authors=False, sentence=gettext_noop("The ballots are counted")),
    "TieDecided": Row(),
    "ResultCertified": Row(
        authors=False, sentence=gettext_noop("A member of the commission certified the count")
    ),
    "ResultPublished": Row(
        is_urgent=True,
        body=True,
        sentence=gettext_noop("The result is published: winning projects: %(funded)s"),
    ),
}

# entries by which a project may have become public: whoever follows a search that it fits is told
PUBLISHING = frozenset({"ProjectSubmitted", "ProjectPublished", "ProjectPublishedUnchecked"})


def row_of(kind: str) -> Row:
    """What the table says of a kind of entry."""
    return ROWS.get(kind, OTHER)
