"""EasyPay Provider 3.1: XML by POST, in two phases: Check, Payment, Confirm, Cancel. Pure."""

from datetime import datetime

from lxml import etree

from viche.channels.terminals.networks.reading import (
    child_of,
    is_id,
    kyiv,
    local,
    put,
    read_moment,
    read_sum,
    read_xml,
    text_of,
    write_xml,
)
from viche.channels.terminals.networks.speech import Answered, Asked, Misread, Outcome, Verb
from viche.foundation import clock

CODES = {
    Outcome.OK: "0",
    Outcome.REPEATED: "0",
    Outcome.NOT_FOUND: "-1",
    Outcome.BAD_ACCOUNT: "-1",
    Outcome.FORBIDDEN: "-2",
    Outcome.ADDRESS: "-2",
    Outcome.BAD_SUM: "-2",
    Outcome.CLASH: "-3",
    Outcome.NO_PAYMENT: "-4",
    Outcome.UNREADABLE: "-5",
    Outcome.BAD_DATE: "-5",
    Outcome.SEVERAL: "-6",
    Outcome.LATER: "-7",
    Outcome.CRITICAL: "-7",
}
CONTENT_TYPE = "text/xml; charset=utf-8"
VERBS = {"Check": Verb.CHECK, "Payment": Verb.HOLD, "Confirm": Verb.CONFIRM, "Cancel": Verb.CANCEL}
FORMS = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S.%f%z")


def read(_query: bytes, body: bytes, _content_type: str = "") -> Asked:
    """The request of a body. Misread with what was asked, where it could be seen."""
    root = read_xml(body)
    part = next((each for each in root if local(each) in VERBS), None)
    if local(root) != "Request" or part is None:
        raise Misread(Outcome.UNREADABLE)
    verb = VERBS[local(part)]
    known = Asked(verb)
    try:
        moment = read_moment(text_of(root, "DateTime"), *FORMS)
        amount = read_sum(text_of(part, "Amount")) if verb == Verb.HOLD else None
    except Misread as fault:
        raise Misread(fault.outcome, known) from None
    payment, reference = text_of(part, "OrderId"), text_of(part, "PaymentId")
    if verb == Verb.HOLD and not is_id(payment):
        raise Misread(Outcome.UNREADABLE, known)
    if verb in (Verb.CONFIRM, Verb.CANCEL) and not is_id(reference):
        raise Misread(Outcome.NO_PAYMENT, known)
    return Asked(
        verb, payment=payment, reference=reference, account=text_of(part, "Account"),
        service=text_of(part, "ServiceId"), amount=amount, at=moment,
        terminal=text_of(part, "TerminalId")[:64] if child_of(part, "TerminalId") is not None else "",
    )  # fmt: skip


def write(asked: Asked | None, answered: Answered) -> bytes:
    """The answer: a negative StatusCode is a refusal."""
    root = etree.Element("Response")
    put(root, "StatusCode", CODES[answered.outcome])
    put(root, "StatusDetail", answered.message or "OK")
    put(root, "DateTime", _moment(clock.now()))
    if answered.outcome not in (Outcome.OK, Outcome.REPEATED) or asked is None:
        return write_xml(root)
    if asked.verb == Verb.CHECK:
        info = put(root, "AccountInfo")
        put(info, "Account", answered.account)
        for place, offer in enumerate(answered.offers, start=1):
            put(info, f"Parameter{place}", offer.title, account=offer.account)
    if asked.verb == Verb.HOLD:
        put(root, "PaymentId", answered.reference)
    if asked.verb == Verb.CONFIRM:
        put(root, "OrderDate", _moment(answered.at or clock.now()))
    if asked.verb == Verb.CANCEL:
        put(root, "CancelDate", _moment(answered.at or clock.now()))
    return write_xml(root)


def _moment(moment: datetime) -> str:
    return kyiv(moment, FORMS[0])
