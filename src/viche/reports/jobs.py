"""Jobs of the reports room."""

from procrastinate.contrib.django import app

from viche.reports.actions import refresh_tallies


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="refresh_tallies", lock="refresh_tallies")
def refresh_figures(timestamp: int) -> None:
    """Count anew what has changed."""
    refresh_tallies()
