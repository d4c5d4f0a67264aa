"""Tables of the communities room."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from viche.foundation.ids import uuid7


class Category(models.TextChoices):
    """Categories of the codifier (КАТОТТГ, order of the Ministry for Communities No. 290 of 26.11.2020)."""

    OBLAST = "O", _("region")
    SPECIAL_CITY = "K", _("city with special status")
    RAION = "P", _("district")
    HROMADA = "H", _("territorial community")
    CITY = "M", _("city")
    TOWN = "T", _("urban-type settlement")
    SETTLEMENT = "X", _("settlement")
    VILLAGE = "C", _("village")
    CITY_DISTRICT = "B", _("city district")
    # drawn by the bodies themselves (actions.districts), not in the codifier
    STAROSTA_DISTRICT = "S", _("starosta district")
    CITY_PART = "N", _("part of the city")


SETTLEMENT_CATEGORIES = (
    Category.SPECIAL_CITY, Category.CITY, Category.TOWN, Category.SETTLEMENT, Category.VILLAGE,
)  # fmt: skip

OWN_CATEGORIES = (Category.STAROSTA_DISTRICT, Category.CITY_PART)
"""What a body draws for itself: the codifier knows nothing of it (Law 280/97-ВР, article 54-1)."""


class Territory(models.Model):
    """One object of the codifier, or a district that a body drew. path: codes from the region down, each followed
    by "/".

    A closed object keeps its row and its code: frozen rules and the journal name it. With a successor it lies under
    the successor, so that whoever belonged to it belongs to the successor and to everything above.
    """

    code = models.CharField(max_length=24, primary_key=True)
    parent = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="children", db_index=True
    )
    category = models.CharField(max_length=1, choices=Category.choices)
    name = models.CharField(max_length=120)
    search_name = models.CharField(max_length=120)
    latin_name = models.CharField(max_length=160)
    path = models.CharField(max_length=240)
    closed_at = models.DateTimeField(null=True, blank=True)
    successor = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="predecessors"
    )

    class Meta:
        indexes = [
            models.Index(fields=["search_name"], name="territory_name", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["latin_name"], name="territory_latin", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["path"], name="territory_path", opclasses=["varchar_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """The name with its kind, as written in Ukrainian: «м. Полтава», «Полтавська область»."""
        before = {"M": "м. {}", "K": "м. {}", "T": "смт {}", "X": "с-ще {}", "C": "с. {}"}
        after = {"O": "{} область", "P": "{} район", "H": "{} громада", "B": "{} район"}
        own = {"S": "{} старостинський округ", "N": "мікрорайон {}"}
        if self.category == "O" and self.name.startswith("Автономна"):
            return self.name
        return (before | after | own)[self.category].format(self.name)

    def is_inside(self, other: "Territory") -> bool:
        """Whether this is the other territory or lies in it."""
        return self.path.startswith(other.path)


class FormerName(models.Model):
    """A name that a territory bore before: addresses and people still use it. since: the year of the new name."""

    territory = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="former_names")
    name = models.CharField(max_length=120)
    search_name = models.CharField(max_length=120)
    latin_name = models.CharField(max_length=160)
    since = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["territory", "search_name"], name="one_former_name_a_territory")
        ]
        indexes = [
            models.Index(fields=["search_name"], name="former_name", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["latin_name"], name="former_latin", opclasses=["varchar_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return f"{self.territory_id} {self.name}"


class CodifierEdition(models.Model):
    """An edition of the codifier that was taken over: its name, a digest of its rows, how many changes it brought."""

    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    changes = models.PositiveIntegerField()
    applied_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Community(models.Model):
    """A connected self-government body: its place in the tree and its face.

    code: the codifier's code under which it was connected. Its journal is kept under it for good, also after the
    codifier gave the territory another code. name and short_name: {"uk": …, "en": …}. host: its own
    domain, empty where it lives under a path. inherits_staff: whether staff of the bodies above it have their rights
    here too. archived_at: when it left; its pages stay to be read.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    territory = models.OneToOneField(Territory, on_delete=models.PROTECT)
    code = models.CharField(max_length=24, unique=True)
    slug = models.CharField(
        max_length=40, unique=True, validators=[RegexValidator(r"^[a-z][a-z0-9-]{1,38}[a-z0-9]$")]
    )
    host = models.CharField(max_length=120, null=True, blank=True, unique=True)
    name = models.JSONField()
    short_name = models.JSONField()
    emblem = models.ImageField(upload_to="emblems/", blank=True)
    brand_colour = models.CharField(max_length=7, blank=True, validators=[RegexValidator(r"^#[0-9a-f]{6}$")])
    website = models.URLField(blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=32, blank=True)
    address = models.CharField(max_length=200, blank=True)
    connected_at = models.DateTimeField()
    inherits_staff = models.BooleanField(default=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "communities"

    def __str__(self) -> str:
        return str(self.name.get("uk", self.slug))

    @property
    def title(self) -> str:
        return localised(self.name)

    @property
    def short_title(self) -> str:
        return localised(self.short_name)


def localised(text: dict[str, str]) -> str:
    """A stored {"uk", "en"} text in the person's language, Ukrainian where a translation is missing."""
    language = (get_language() or "uk")[:2]
    return text.get(language) or text.get("uk") or next(iter(text.values()), "")
