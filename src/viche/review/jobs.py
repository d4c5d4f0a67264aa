"""Jobs of the review room."""

from procrastinate.contrib.django import app

from viche.foundation import clock
from viche.review.actions import end_silence
from viche.review.queries import silent_projects


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="end_silences", lock="end_silences")
def end_silences(timestamp: int) -> None:
    """Authors whose term to correct or to answer is over: what the rules say of silence comes true."""
    for project in silent_projects(clock.now()):
        end_silence(project=project)
