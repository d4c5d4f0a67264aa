"""Jobs of the reports room."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from viche.reports.actions import refresh_tallies
from viche.reports.official.actions import make_report
from viche.reports.official.models import Report


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="refresh_tallies", lock="refresh_tallies")
def refresh_figures(timestamp: int) -> None:
    """Count anew what has changed."""
    refresh_tallies()


@app.task(retry=RetryStrategy(max_attempts=4, exponential_wait=10))
def make_asked_report(report_id: str) -> None:
    """Make the official report that was asked for, once."""
    make_report(report=Report.objects.get(pk=report_id))
