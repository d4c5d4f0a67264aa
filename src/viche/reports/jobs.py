"""Jobs of the reports room."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from viche.reports.actions import refresh_tallies
from viche.reports.designing.actions import queue_reports, send_reports
from viche.reports.official.actions import make_report
from viche.reports.official.models import Report
from viche.reports.research.actions import write_missing_archives


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="refresh_tallies", lock="refresh_tallies")
def refresh_figures(timestamp: int) -> None:
    """Count anew what has changed."""
    refresh_tallies()


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="write_research_archives", lock="write_research_archives")
def write_research_archives(timestamp: int) -> None:
    """Archives for researchers of contests whose result is published, and anew where their data have changed since."""
    write_missing_archives()


@app.task(retry=RetryStrategy(max_attempts=4, exponential_wait=10))
def make_asked_report(report_id: str) -> None:
    """Make the official report that was asked for, once."""
    make_report(report=Report.objects.get(pk=report_id))


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="send_reports", lock="send_reports")
def send_designed_reports(timestamp: int) -> None:
    """Letters with reports whose hour has come."""
    queue_reports()
    send_reports()
