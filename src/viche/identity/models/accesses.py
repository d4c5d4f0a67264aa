"""Who of the officials looked at whose personal data, and what the retention of data did each night."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Community
from viche.foundation.ids import uuid7
from viche.identity.models.offices import Role
from viche.identity.models.people import Person


class DataKind(models.TextChoices):
    """What personal data of other people an official's page shows: the closed list that guards choose from."""

    REQUESTS = "requests", _("requests to be a member")
    PROOFS = "proofs", _("documents that people showed")
    MEMBERS = "members", _("confirmed memberships")
    SEARCHES = "searches", _("a search by the number of a document")
    MERGING = "merging", _("two records of one person made one")
    AUTHORS = "authors", _("names and contacts of authors")
    SIGNATURES = "signatures", _("signatures and sheets of signatures")
    COMMENTS = "comments", _("names of those who commented")
    FILES = "files", _("documents of projects that are not public")
    APPEALS = "appeals", _("appeals and their documents")
    MESSAGES = "messages", _("messages of the contact form")
    OBJECTIONS = "objections", _("what people deny to have done")
    VOTES = "votes", _("what is known around votes, and the names of voters")
    STAFF = "staff", _("officials and invitations with e-mail addresses")
    CONNECTIONS = "connections", _("requests to connect a body, with contacts")
    ARCHIVE = "archive", _("the archive of all data of a body")


NOTHING = "nothing"
"""What a guard declares of a page that shows no personal data of other people."""


class Access(models.Model):
    """One look of an official at personal data of other people; looks at the same within minutes are one row.

    community: the body of the page, None for the platform's own. role: by which the page opened. page: the name of its
    address. people: references of those shown, sorted; record: the reference in the page's address, where there is one.
    number: how many people's data at once, None where nobody counted (an archive). at, last_at: the first and the last
    look; times: how many. Neither names, addresses nor numbers of documents stand here. A trigger lets a row grow older
    only by another look, and go only after its term (actions.accesses.delete_old_accesses).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    official = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    community = models.ForeignKey(Community, null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=16, choices=Role.choices)
    kind = models.CharField(max_length=16, choices=DataKind.choices)
    page = models.CharField(max_length=40)
    record = models.CharField(max_length=80, blank=True)
    people = ArrayField(models.UUIDField(), default=list)
    number = models.PositiveIntegerField(null=True)
    at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DataKind.values), name="known_kind_of_data"),
            models.CheckConstraint(condition=Q(last_at__gte=F("at")), name="last_look_after_the_first"),
        ]
        indexes = [
            models.Index(fields=["community", "-last_at"], name="access_of_body"),
            models.Index(fields=["official", "-last_at"], name="access_of_official"),
            GinIndex(fields=["people"], name="access_about"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.page}"


class RetentionRun(models.Model):
    """What one rule of retention did at one time. rule: its code. number: how many were deleted or anonymised.

    took: milliseconds. error: the kind of the error, without its words: they could name somebody.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rule = models.CharField(max_length=40)
    at = models.DateTimeField()
    number = models.PositiveIntegerField(default=0)
    took = models.PositiveIntegerField()
    error = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [models.Index(fields=["rule", "-at"], name="retention_latest")]

    def __str__(self) -> str:
        return self.rule
