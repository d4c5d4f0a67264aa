"""Telegram, by a bot of the installation's own (Bot API, https://core.telegram.org/bots/api).

A chat is connected by the person: they open t.me/<bot>?start=<code> and press Start, and the bot hears "/start <code>".
The bot's secret is part of every address it asks, so addresses never stand in a log or an error.
"""

import logging
from dataclasses import dataclass
from typing import Any

import httpx
from django.conf import settings

from viche.connectors.messages.channels.ports import Message, NotSent, Undeliverable
from viche.identity.providers.wire import json_object, quiet_wire

log = logging.getLogger("viche.messages")

# the Bot API's own limit of one message
LONGEST = 4096
TIMEOUT_SECONDS = 20
MAX_ANSWER_BYTES = 2_000_000


@dataclass(frozen=True)
class Heard:
    """One update: somebody wrote to the bot in a private chat."""

    number: int
    chat: str
    text: str


class Telegram:
    name = "telegram"
    is_typed = False

    def checked(self, target: str) -> str:
        return target

    def is_offered(self) -> bool:
        return bool(settings.TELEGRAM_TOKEN and settings.TELEGRAM_BOT)

    def send(self, message: Message) -> None:
        """One message to a chat. Bot API: sendMessage."""
        text = message.text
        if len(text) > LONGEST:
            text = text[: LONGEST - 2].rsplit("\n", 1)[0] + "\n…"
        self._ask(
            "sendMessage",
            {"chat_id": message.to, "text": text, "link_preview_options": {"is_disabled": True}},
        )

    def heard(self, after: int) -> list[Heard]:
        """What was written to the bot from this update on, in order. Raises NotSent. Bot API: getUpdates."""
        found = self._ask(
            "getUpdates", {"offset": after, "timeout": 0, "limit": 100, "allowed_updates": ["message"]}
        )
        return [_heard(each) for each in found if isinstance(each, dict) and "update_id" in each]

    def link(self, code: str) -> str:
        """Where a person begins the chat that the code connects."""
        return f"https://t.me/{settings.TELEGRAM_BOT}?start={code}"

    def _ask(self, method: str, fields: dict[str, Any]) -> Any:
        url = f"{settings.TELEGRAM_URL.rstrip('/')}/bot{settings.TELEGRAM_TOKEN}/{method}"
        failure = ""
        try:
            with (
                quiet_wire(),
                httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False, follow_redirects=False) as client,
            ):
                response = client.post(url, json=fields)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            failure = f"Telegram cannot be reached: {type(error).__name__}"
        if failure:
            # raised out of the handler: else it would carry httpx's error, and with it the secret in the address
            raise NotSent(failure)
        answer = json_object(response.content[:MAX_ANSWER_BYTES]) or {}
        if answer.get("ok"):
            return answer.get("result")
        code = answer.get("error_code", response.status_code)
        parameters = answer.get("parameters") or {}
        if code in {400, 403} and method == "sendMessage":
            # 403: the person has stopped the bot; 400: there is no such chat
            raise Undeliverable(f"Telegram does not deliver to this chat ({code})")
        raise NotSent(f"Telegram answered {code}", wait=int(parameters.get("retry_after", 0)))


def _heard(update: dict[str, Any]) -> Heard:
    message = update.get("message") or {}
    chat = message.get("chat") or {}
    is_private = chat.get("type") == "private"
    text = message.get("text")
    return Heard(
        int(update["update_id"]), str(chat["id"]) if is_private and "id" in chat else "",
        text if isinstance(text, str) else "",
    )  # fmt: skip
