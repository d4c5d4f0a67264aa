"""Events of talk: the acts of moderators, and news. What residents write is not sealed: they may take it back."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from viche.journal.events import Event


@dataclass(frozen=True)
class TalkEvent(Event):
    """Base of the events about what is said of one project."""

    project: str
    number: int

    sentence = ""
    about = "project:{project}"


@dataclass(frozen=True)
class CommentHidden(TalkEvent):
    """comment: its reference; reason_digest: SHA-256 of the reason, which stands in its place."""

    sentence = gettext_noop("A moderator hid a comment on project No. %(number)s, with the reason")
    comment: str
    reason_digest: str


@dataclass(frozen=True)
class CommentShown(TalkEvent):
    sentence = gettext_noop("A moderator looked at a comment on project No. %(number)s and published it")
    comment: str


@dataclass(frozen=True)
class NewsPublished(TalkEvent):
    """digest: SHA-256 of title and text."""

    sentence = gettext_noop("News of project No. %(number)s is published")
    news: str
    digest: str


@dataclass(frozen=True)
class NewsHidden(TalkEvent):
    sentence = gettext_noop("A moderator hid news of project No. %(number)s, with the reason")
    news: str
    reason_digest: str
