"""Words of the review: what departments look at, what decisions are called."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rulebook.rules import ReviewStage
from viche.communities.models import localised

CHECK_NAMES = {
    "competence": gettext_lazy("It is within the body’s competence"),
    "land": gettext_lazy("The land is the community’s, or its owner agrees"),
    "legality": gettext_lazy("It accords with the law, plans and standards"),
    "cost": gettext_lazy("The estimate is complete and the prices are real"),
    "feasibility": gettext_lazy("It can be built within the budget year"),
    "access": gettext_lazy("Everybody may use it, free of charge"),
    "maintenance": gettext_lazy("It is clear who maintains it and for what money"),
    "duplication": gettext_lazy("It is neither built nor planned already"),
}
"""What a department confirms, by the words of rulebook.rules CHECKS."""

VERDICT_KINDS = {
    "admit": "success", "admit-with-correction": "warning", "return": "warning", "reject": "danger", "reopened": "info",
}  # fmt: skip


def stage_name(stage: ReviewStage) -> str:
    """The stage as the rules call it; “Review” where they have no stages."""
    return localised(dict(stage.name)) if stage.name else _("Review of the project")


def body_name(stage: ReviewStage) -> str:
    return localised(dict(stage.body)) if stage.body else _("the commission")
