"""A receiver of Viche's webhooks that loses nothing and takes nothing twice. Needs: pip install standardwebhooks

    python webhook_receiver.py --secret whsec_… --store events.db --port 8800

Several secrets may be given, separated by spaces: while a secret is being changed, both are right.
"""

import argparse
import json
import sqlite3
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook, WebhookVerificationError

MOST_BYTES = 1_000_000


def verified(body: bytes, headers: dict[str, str], secrets: list[str]) -> bool:
    """Whether one of our secrets signed this body, not longer than five minutes ago."""
    for secret in secrets:
        try:
            Webhook(secret).verify(body, headers)
        except WebhookVerificationError:
            continue
        return True
    return False


def keep(store: str, event: dict[str, object], body: bytes) -> bool:
    """Write the event down; False where it is here already. Only what is on the disk may be answered with 2xx."""
    with sqlite3.connect(store, timeout=10) as database:
        database.execute(
            "CREATE TABLE IF NOT EXISTS event"
            " (place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, type TEXT, body TEXT)"
        )
        done = database.execute(
            "INSERT OR IGNORE INTO event (id, type, body) VALUES (?, ?, ?)",
            (event["id"], event["type"], body.decode()),
        )
        return done.rowcount == 1


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(min(length, MOST_BYTES))
        if not verified(body, dict(self.headers), self.server.secrets):
            return self.answer(401, "the signature is not right")
        event = json.loads(body)
        if keep(self.server.store, event, body):
            # here your own work begins: quickly, or in a queue of yours; Viche waits ten seconds for the answer
            print(event["id"], event["type"], event["data"].get("sentence", {}).get("en", ""), flush=True)
        return self.answer(204)

    def answer(self, status: int, text: str = "") -> None:
        said = text.encode()
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None: ...


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--secret", required=True)
    options.add_argument("--store", default="events.db")
    options.add_argument("--port", type=int, default=8800)
    said = options.parse_args()
    server = ThreadingHTTPServer(("127.0.0.1", said.port), Receiver)
    server.secrets, server.store = said.secret.split(), said.store
    print(f"listening on port {server.server_address[1]}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
