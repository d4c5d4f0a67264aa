"""Jobs of the results room."""

from procrastinate.contrib.django import app

from viche.results.actions import make_explanations
from viche.results.models import Count


@app.task
def explain_count(count_id: str) -> None:
    """Write the pages that explain a count."""
    make_explanations(count=Count.objects.get(pk=count_id))
