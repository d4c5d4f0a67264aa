"""Jobs of the projects room."""

from procrastinate.contrib.django import app

from viche.projects.actions import run_deadlines


@app.periodic(cron="*/3 * * * *")
@app.task(queueing_lock="project_deadlines", lock="project_deadlines")
def run_project_deadlines(timestamp: int) -> None:
    """Terms that have ended: of support, and of the check of form."""
    run_deadlines()
