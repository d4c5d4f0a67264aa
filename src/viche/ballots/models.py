"""Tables of the ballot box. Constraints here are the real guards of "exactly once"."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from rulebook.rules.vocabulary import CHANNELS, INVALID_PAPERS, KEY_HOLDERS, PLATFORM
from viche.communities.models import Community, Territory
from viche.contests.models import Contest
from viche.identity.models import Person


class Box(models.Model):
    """The contest's box. public_key: X25519, 32 bytes; empty for an imported election, which was never sealed, and
    until the commission that holds the key has tried it out. holder: a word of the rulebook, as the rules said when
    the box was made.

    lot_commitment: the published SHA-256 (hex) of the public lot's seed, where the rules decide ties by lot;
    lot_seed: the seed itself (hex), shown when the box is opened and until then only among the contest's keys.
    """

    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    contest = models.OneToOneField(Contest, on_delete=models.PROTECT, related_name="box")
    public_key = models.BinaryField(null=True, max_length=32)
    holder = models.CharField(max_length=10, default=PLATFORM)
    made_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    lot_commitment = models.CharField(max_length=64, blank=True)
    lot_seed = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name_plural = "boxes"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lot_seed="") | models.Q(opened_at__isnull=False),
                name="lot_is_shown_after_the_opening",
            ),
            models.CheckConstraint(condition=models.Q(holder__in=KEY_HOLDERS), name="key_holder_is_known"),
        ]

    def __str__(self) -> str:
        return str(self.contest_id)


class BoxKey(models.Model):
    """A public key that the commission made offline for its contest's box: proposed by one official, confirmed by
    another who compared the fingerprint, tried out by a task that only two holders of the key can open.

    public_key: X25519, 32 bytes. challenge: the task, a secret sealed to the key; answer_hash: SHA-256 of that secret,
    which itself is not kept. rehearsed_at: when a task was last opened. The private key is nowhere here.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("waits for a second official")
        CONFIRMED = "confirmed", _("confirmed, not tried out yet")
        REHEARSED = "rehearsed", _("tried out")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="box_keys")
    public_key = models.BinaryField(max_length=32)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    challenge = models.BinaryField(default=b"")
    answer_hash = models.BinaryField(default=b"", max_length=32)
    rehearsed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["proposed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["contest"], condition=~models.Q(state="withdrawn"), name="one_key_a_box"
            ),
            models.UniqueConstraint(fields=["contest", "public_key"], name="withdrawn_key_stays_withdrawn"),
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True)
                | ~models.Q(confirmed_by=models.F("proposed_by")),
                name="key_takes_two",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["proposed", "withdrawn"])
                | models.Q(confirmed_at__isnull=False),
                name="confirmed_key_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="rehearsed") | models.Q(rehearsed_at__isnull=False),
                name="rehearsed_key_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contest_id} {self.state}"


class KeyChange(models.Model):
    """What was done, or is to be done, with a key that was tried out: its shares made anew after one was lost, or the
    key withdrawn before the voting. One official proposes, another confirms. reason: published; names nobody.
    """

    class Act(models.TextChoices):
        REWRAP = "rewrap", _("three new shares of the same key")
        WITHDRAW = "withdraw", _("withdraw the key")

    class State(models.TextChoices):
        OPEN = "open", _("waits for a second official")
        CONFIRMED = "confirmed", _("confirmed")
        DECLINED = "declined", _("declined")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    key = models.ForeignKey(BoxKey, on_delete=models.PROTECT, related_name="changes")
    act = models.CharField(max_length=8, choices=Act.choices)
    reason = models.CharField(max_length=1000)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    proposed_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["proposed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(state="open"), name="one_open_change_a_key"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("proposed_by")),
                name="key_change_takes_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key_id} {self.act}"


class Participation(models.Model):
    """A mark: the holder of this token has voted in this contest.

    person_token: keyed by a key of the contest that lives outside the database (identity/tokens).
    channel: a word of the rulebook. request_hash: SHA-256 of the secret request key the voter's browser sent;
    body_mac ties key and choices, and cannot be recomputed without that key. link: the ballot's commitment sealed to
    the box (sealing.seal_link); emptied when the box is opened. territory: the voter's own part of the community, where
    the channel knows it. annulled_at: since when it counts no more; its person_token is then nobody's.
    """

    # random: an ordered id would tie the mark to its ballot, which is written with it
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="participations")
    person_token = models.BinaryField(max_length=32)
    territory = models.ForeignKey(Territory, null=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=24)
    link = models.BinaryField(default=b"")
    annulled_at = models.DateTimeField(null=True)
    request_hash = models.BinaryField(max_length=32)
    body_mac = models.BinaryField(max_length=32)
    cast_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "contest", "person_token"], name="one_mark_a_person"
            ),
            models.UniqueConstraint(
                fields=["community", "contest", "request_hash"], name="one_mark_a_request"
            ),
            models.CheckConstraint(condition=models.Q(channel__in=CHANNELS), name="channel_is_known"),
        ]
        indexes = [models.Index(fields=["contest", "cast_at"], name="participation_turnout")]

    def __str__(self) -> str:
        return f"{self.contest_id} {self.channel}"


class VoteTrace(models.Model):
    """What is known around a mark: from where, on what device, by which method (ballots.traces). It never points to a
    ballot, and is sealed under a key that dies with the contest's keys; the rows go with them.
    """

    participation = models.OneToOneField(
        Participation, primary_key=True, on_delete=models.CASCADE, related_name="trace"
    )
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return str(self.participation_id)


class Claim(models.Model):
    """That a number's token has voted: one row for each number of the voter, so that no other record of the same person
    votes by another of them.
    """

    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="+")
    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="claims")
    token = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contest", "token"], name="one_claim_a_number")]

    def __str__(self) -> str:
        return str(self.participation_id)


class Replacement(models.Model):
    """A ballot that its voter replaced by a later one, where the rules let them; its link stays sealed until the
    opening. request_hash: of the request that cast it, so that a late repetition of it does not bring it back.
    """

    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="+")
    request_hash = models.BinaryField(max_length=32)
    link = models.BinaryField()
    by_channel = models.CharField(max_length=24)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contest", "request_hash"], name="one_replacement_a_request")
        ]

    def __str__(self) -> str:
        return f"{self.contest_id} {self.by_channel}"


class Annulment(models.Model):
    """A mark whose ballot must not count: in quarantine while open, decided by a second official; or taken back by its
    voter (WITHDRAWN), who needs nobody's consent.

    text: the reason in the officials' words, published; names nobody. commitment: of the ballot, known once the box is
    opened.
    """

    class Why(models.TextChoices):
        STOLEN = "stolen", _("cast by somebody else in the voter’s name")
        NOT_ENTITLED = "not-entitled", _("the voter had no right to vote")
        DOUBLE = "double", _("a second ballot of one person")
        FORCED = "forced", _("bought, or cast under pressure")
        WITHDRAWN = "withdrawn", _("taken back by its voter")

    class State(models.TextChoices):
        OPEN = "open", _("in quarantine: waits for a second official")
        CONFIRMED = "confirmed", _("annulled")
        DECLINED = "declined", _("stays valid")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="annulments")
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="annulments")
    why = models.CharField(max_length=16, choices=Why.choices)
    text = models.CharField(max_length=1000)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    proposed_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=1000, blank=True)
    commitment = models.BinaryField(null=True, max_length=32)

    class Meta:
        ordering = ["proposed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["participation"], condition=~models.Q(state="declined"), name="one_annulment_a_mark"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("proposed_by")),
                name="annulment_takes_two",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open") | models.Q(decided_at__isnull=False),
                name="decided_annulment_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contest_id} {self.why}"


class Ballot(models.Model):
    """A sealed ballot: commitment C and the envelope that only the contest's key opens."""

    commitment = models.BinaryField(primary_key=True, max_length=32)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="ballots", db_index=True)
    envelope = models.BinaryField()

    def __str__(self) -> str:
        return bytes(self.commitment).hex()[:12]


class Opening(models.Model):
    """An opened ballot, as published after the close: the choices and the nonce that prove its commitment.

    The ballots of an imported election, which were public from the start, enter here directly.
    """

    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="openings")
    commitment = models.BinaryField(max_length=32)
    nonce = models.BinaryField(max_length=32)
    choices = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "contest", "commitment"], name="one_opening_a_ballot"
            )
        ]

    def __str__(self) -> str:
        return bytes(self.commitment).hex()[:12]


class CarriedFigures(models.Model):
    """Who took part in a contest that was held on another platform: numbers only, the marks themselves stay there.

    days: [day, marks]; marks: [day, channel, marks with annulled ones]; channels, hours: marks by channel and by hour;
    numbers: envelopes, replaced, annulled, withdrawn, taken_back, given_out, numbered, numbered_all, paper (1 or 0).
    """

    contest = models.OneToOneField(
        Contest, primary_key=True, on_delete=models.PROTECT, related_name="carried"
    )
    days = models.JSONField()
    marks = models.JSONField()
    channels = models.JSONField()
    hours = models.JSONField()
    numbers = models.JSONField()

    def __str__(self) -> str:
        return str(self.contest_id)


class VoterGroups(models.Model):
    """How many voters of a contest are of which ages and sex, as it may be published: no group has fewer than ten
    (voters.py). Made once, when the box is opened; nothing finer is kept.

    by_age: [group of ages, voters]; by_sex: [group, voters]; by_both: [group of ages, [voters by group of by_sex]].
    """

    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    contest = models.OneToOneField(Contest, on_delete=models.PROTECT, related_name="voter_groups")
    by_age = models.JSONField(default=list)
    by_sex = models.JSONField(default=list)
    by_both = models.JSONField(default=list)

    class Meta:
        verbose_name_plural = "voter groups"

    def __str__(self) -> str:
        return str(self.contest_id)


class PaperSerial(models.Model):
    """The number of a printed ballot and what became of the sheet. point: where it was sent, a room above knows it.

    issued_on: the day in Kyiv on which it was given out, no finer, so that it leads to nobody's mark.
    """

    class State(models.TextChoices):
        PRINTED = "printed", _("printed")
        ISSUED = "issued", _("given out")
        SPOILED = "spoiled", _("spoiled")
        UNUSED = "unused", _("left over and destroyed")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="paper_serials")
    number = models.PositiveIntegerField()
    point = models.UUIDField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PRINTED)
    issued_on = models.DateField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "number"], name="one_paper_a_number"),
            models.CheckConstraint(
                condition=models.Q(state__in=["printed", "issued", "spoiled", "unused"]),
                name="state_of_a_sheet_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contest_id} {self.number}"


class PaperBatch(models.Model):
    """Sheets that come into the box together and can be taken back together while it is closed.

    point: a polling point, known to a room above. source: SHA-256 (hex) of the imported file. scans: SHA-256 (hex) of
    the attached pictures. expected: what the protocol of the point says: issued, valid, invalid, spoiled, unused.
    counts: what was entered. sealed_votes: of a protocol of totals, by project code, sealed as a note until the box is
    opened; then votes. secret: what the sheets' nonces come from, and the nonce of a protocol's commitment; emptied
    when the box is opened, so that nothing leads from a sheet to its opening.
    """

    class Kind(models.TextChoices):
        ENTRY = "entry", _("entered sheet by sheet")
        IMPORT = "import", _("imported from a file")
        TOTALS = "totals", _("totals of a signed protocol")

    class State(models.TextChoices):
        OPEN = "open", _("being entered")
        CLOSED = "closed", _("in the box")
        UNDONE = "undone", _("taken back")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="paper_batches")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    name = models.CharField(max_length=200)
    point = models.UUIDField(null=True)
    source = models.CharField(max_length=64, blank=True)
    scans = models.JSONField(default=list)
    expected = models.JSONField(null=True)
    counts = models.JSONField(default=dict)
    sealed_votes = models.BinaryField(default=b"")
    votes = models.JSONField(default=dict)
    secret = models.BinaryField(default=b"", max_length=32)
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    difference = models.CharField(max_length=1000, blank=True)
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    closed_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    closed_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        verbose_name_plural = "paper batches"
        ordering = ["made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "source"], condition=~models.Q(state="undone") & ~models.Q(source=""),
                name="one_batch_a_file",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_by__isnull=True)
                | models.Q(kind="entry")
                | ~models.Q(closed_by=models.F("made_by")),
                name="paper_from_files_and_protocols_takes_two",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open")
                | models.Q(closed_at__isnull=False)
                | models.Q(undone_at__isnull=False),
                name="ended_batch_has_its_moment",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class PaperBallot(models.Model):
    """One entered sheet: valid where reason is empty. It holds no choices: those are sealed in the box.

    key: the sheet's name in its batch. mark: of a named sheet's voter; link: the commitment, sealed to the box; both
    are emptied when the box is opened.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(PaperBatch, on_delete=models.PROTECT, related_name="sheets")
    key = models.CharField(max_length=40)
    serial = models.ForeignKey(PaperSerial, null=True, on_delete=models.PROTECT, related_name="sheets")
    mark = models.ForeignKey(Participation, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(max_length=16, blank=True)
    link = models.BinaryField(default=b"")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "key"], name="one_sheet_a_key"),
            models.UniqueConstraint(
                fields=["serial"],
                condition=models.Q(undone_at__isnull=True, reason=""),
                name="a_number_counts_once",
            ),
            models.CheckConstraint(
                condition=models.Q(reason__in=["", *INVALID_PAPERS]), name="reason_of_a_sheet_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.key}"
