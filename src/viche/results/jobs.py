"""Jobs of the results room."""

from procrastinate.contrib.django import app

from viche.results.actions import delete_old_keys, make_explanations
from viche.results.models import Count


@app.task
def explain_count(count_id: str) -> None:
    """Write the pages that explain a count."""
    make_explanations(count=Count.objects.get(pk=count_id))


@app.periodic(cron="47 3 * * *")
@app.task(queueing_lock="destroy_keys", lock="destroy_keys")
def destroy_keys(timestamp: int) -> None:
    """Keys of contests whose result was published long enough ago are destroyed."""
    delete_old_keys()
