"""Jobs of the reports room."""

from procrastinate.contrib.django import app

from viche.reports.actions import refresh_tallies
from viche.reports.designing.actions import queue_reports, send_reports


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="refresh_tallies", lock="refresh_tallies")
def refresh_figures(timestamp: int) -> None:
    """Count anew what has changed."""
    refresh_tallies()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="send_reports", lock="send_reports")
def send_designed_reports(timestamp: int) -> None:
    """Letters with reports whose hour has come."""
    queue_reports()
    send_reports()
