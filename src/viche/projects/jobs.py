"""Jobs of the projects room."""

from procrastinate.contrib.django import app

from viche.projects.actions import delete_left_files, delete_old_drafts


@app.periodic(cron="37 3 * * *")
@app.task(queueing_lock="clear_drafts", lock="clear_drafts")
def clear_drafts(timestamp: int) -> None:
    """Drafts untouched for a year go, and files that no document names."""
    delete_old_drafts()
    delete_left_files()
