"""Jobs of the house itself."""

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="resume_jobs", pass_context=True)
async def resume_jobs(context: JobContext, timestamp: int) -> None:
    """Take up what a worker left half-way that was killed: its lock would keep every later job of the kind waiting.

    A worker counts as gone after half a minute without a sign of life. Jobs may therefore run twice; each of ours
    does nothing the second time. Where the next one of its kind waits already, the abandoned one is given up.
    """
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        assert job.id is not None
        try:
            await manager.retry_job(job)
        except UniqueViolation:
            await manager.finish_job_by_id_async(job.id, status=Status.FAILED, delete_job=False)
