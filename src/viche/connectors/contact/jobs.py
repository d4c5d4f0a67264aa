"""Jobs of the contact form."""

from procrastinate.contrib.django import app

from viche.connectors.contact.delivering import send_letters


# seconds stand last
@app.periodic(cron="* * * * * */20")
@app.task(queueing_lock="send_contact_letters", lock="send_contact_letters")
def send_contact_letters(timestamp: int) -> None:
    """Messages to mailboxes, copies and answers; what could not be sent is tried again."""
    send_letters()
