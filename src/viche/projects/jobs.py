"""Jobs of the projects room."""

from procrastinate.contrib.django import app

from viche.projects.actions import delete_left_files, delete_old_drafts, run_deadlines


@app.periodic(cron="37 3 * * *")
@app.task(queueing_lock="clear_drafts", lock="clear_drafts")
def clear_drafts(timestamp: int) -> None:
    """Drafts untouched for a year go, and files that no document names."""
    delete_old_drafts()
    delete_left_files()


@app.periodic(cron="*/3 * * * *")
@app.task(queueing_lock="project_deadlines", lock="project_deadlines")
def run_project_deadlines(timestamp: int) -> None:
    """Terms that have ended: of support, and of the check of form."""
    run_deadlines()
