"""What hangs on a territory: rows of any room that refer to it, and what the settings name beside them.

The rooms above are found by their foreign keys; what they keep elsewhere (the pots of frozen rules are a document)
is told by the functions that TERRITORY_HOLDERS names.
"""

from collections import defaultdict
from collections.abc import Collection

from django.conf import settings
from django.db.models import Count
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from viche.communities.models import OWN_CATEGORIES, FormerName, Territory

WORDS = {
    "membership": gettext_lazy("memberships: %(number)d"),
    "project": gettext_lazy("projects: %(number)d"),
    "community": gettext_lazy("connected bodies: %(number)d"),
}


def held_by(codes: Collection[str]) -> dict[str, list[str]]:
    """What hangs on each of the codes, in words; codes on which nothing hangs are left out."""
    found: dict[str, list[str]] = defaultdict(list)
    for relation in Territory._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or relation.related_model in (Territory, FormerName):
            continue
        model, name = relation.related_model, relation.field.name
        rows = (
            model._base_manager.filter(**{f"{name}__in": codes})
            .values_list(name)
            .annotate(number=Count("pk"))
        )
        words = WORDS.get(model._meta.model_name or "", f"{model._meta.verbose_name_plural}: %(number)d")
        for code, number in rows.order_by():
            found[code].append(words % {"number": number})
    drawn = Territory.objects.filter(
        parent__in=codes, category__in=OWN_CATEGORIES, closed_at__isnull=True
    ).values_list("parent_id", "name")
    for code, district in drawn:
        found[code].append(_("its own district: %s") % district)
    for path in settings.TERRITORY_HOLDERS:
        for code, lines in import_string(path)(codes).items():
            found[code] += lines
    return dict(found)
