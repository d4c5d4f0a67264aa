"""Jobs of outgoing documents."""

from procrastinate.contrib.django import app

from viche.connectors.documents.actions import make_due_documents, send_documents


# seconds stand last
@app.periodic(cron="* * * * * */30")
@app.task(queueing_lock="send_documents", lock="send_documents")
def send_due_documents(timestamp: int) -> None:
    """What is made by itself is made, what is due is handed over or asked about."""
    make_due_documents()
    send_documents()
