"""City24: ``GET ?QueryType=check|pay|revise`` with TransactionId, Account, Amount. Pure."""

from lxml import etree

from viche.channels.terminals.networks.reading import (
    is_id,
    kyiv,
    put,
    read_moment,
    read_query,
    read_sum,
    write_xml,
)
from viche.channels.terminals.networks.speech import Answered, Asked, Misread, Outcome, Verb
from viche.foundation.money import machine_money

REFUSED = "21"
# the protocol has one code of refusal; why, its Message says
CODES = dict.fromkeys(Outcome, REFUSED) | {Outcome.OK: "0", Outcome.REPEATED: "0"}
CONTENT_TYPE = "text/xml; charset=utf-8"
FORM = "%Y%m%d%H%M%S"
DAY = "%Y%m%d"


def read(query: bytes, _body: bytes, content_type: str = "") -> Asked:
    """The request of a query. Misread with whatever can be echoed."""
    sent = read_query(query, content_type)
    verb = {"check": Verb.CHECK, "pay": Verb.PAY, "revise": Verb.LIST}.get(sent.get("QueryType", ""))
    payment = sent.get("TransactionId", "")
    if verb == Verb.LIST:
        return Asked(
            verb, since=read_moment(sent.get("DateFrom", ""), FORM, DAY),
            until=read_moment(sent.get("DateTo", ""), FORM, DAY),
        )  # fmt: skip
    if not is_id(payment):
        raise Misread(Outcome.UNREADABLE)
    known = Asked(verb or Verb.CHECK, payment=payment)
    if verb is None:
        raise Misread(Outcome.UNREADABLE, known)
    try:
        amount = read_sum(sent["Amount"]) if sent.get("Amount") else None
        moment = read_moment(sent["TransactionDate"], FORM) if sent.get("TransactionDate") else None
    except Misread as fault:
        raise Misread(fault.outcome, known) from None
    if verb == Verb.PAY and amount is None:
        raise Misread(Outcome.BAD_SUM, known)
    return Asked(
        verb, payment=payment, account=sent.get("Account", ""), service=sent.get("Service", ""), amount=amount,
        at=moment, terminal=sent.get("TerminalId", "")[:64],
    )  # fmt: skip


def write(asked: Asked | None, answered: Answered) -> bytes:
    """The answer; a list of payments where a period was asked for."""
    root = etree.Element("Response")
    if asked and asked.payment:
        put(root, "TransactionId", asked.payment)
    if answered.reference:
        put(root, "TransactionExt", answered.reference)
        put(root, "Amount", machine_money(answered.amount))
    put(root, "ResultCode", CODES[answered.outcome])
    put(root, "Message", answered.message or "OK")
    for line in answered.lines:
        paid = put(root, "Payment")
        put(paid, "TransactionId", line.payment)
        put(paid, "TransactionExt", line.reference)
        put(paid, "Amount", machine_money(line.amount))
        put(paid, "TransactionDate", kyiv(line.at, FORM))
        put(paid, "State", "cancelled" if line.is_cancelled else "paid")
    return write_xml(root)
