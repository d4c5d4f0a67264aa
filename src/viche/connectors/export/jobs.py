"""Jobs of leaving."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from viche.connectors.export.actions import make_export
from viche.connectors.export.models import Export


@app.task(retry=RetryStrategy(max_attempts=4, exponential_wait=10))
def export_body(export_id: str) -> None:
    """Make the archive of a body, once."""
    export = Export.objects.select_related("community__territory").get(pk=export_id)
    if export.made_at is None:
        make_export(export=export)
