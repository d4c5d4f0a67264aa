"""OSMP (QIWI) and iBox: ``GET ?command=check|pay&txn_id=&account=&sum=``. Pure."""

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

CODES = {
    Outcome.OK: "0",
    # "a repeated pay is answered as the first": the same prv_txn, result 0
    Outcome.REPEATED: "0",
    Outcome.LATER: "1",
    Outcome.CRITICAL: "1",
    Outcome.BAD_ACCOUNT: "4",
    Outcome.NOT_FOUND: "5",
    Outcome.FORBIDDEN: "7",
    Outcome.ADDRESS: "7",
    Outcome.CLASH: "300",
    Outcome.UNREADABLE: "300",
    Outcome.SEVERAL: "300",
    Outcome.BAD_SUM: "300",
    Outcome.BAD_DATE: "300",
    Outcome.NO_PAYMENT: "300",
}
CONTENT_TYPE = "text/xml; charset=utf-8"
FORM = "%Y%m%d%H%M%S"


def read(query: bytes, _body: bytes, content_type: str = "") -> Asked:
    """The request of a query. Misread with whatever can be echoed."""
    sent = read_query(query, content_type)
    payment = sent.get("txn_id", "")
    verb = {"check": Verb.CHECK, "pay": Verb.PAY}.get(sent.get("command", ""))
    if not is_id(payment):
        raise Misread(Outcome.UNREADABLE)
    known = Asked(verb or Verb.CHECK, payment=payment)
    if verb is None:
        raise Misread(Outcome.UNREADABLE, known)
    try:
        amount = read_sum(sent["sum"]) if sent.get("sum") else None
        moment = read_moment(sent["txn_date"], FORM) if sent.get("txn_date") else None
    except Misread as fault:
        raise Misread(fault.outcome, known) from None
    if verb == Verb.PAY and amount is None:
        raise Misread(Outcome.BAD_SUM, known)
    return Asked(
        verb, payment=payment, account=sent.get("account", ""), service=sent.get("service", ""), amount=amount,
        at=moment, terminal=sent.get("trm_id", "")[:64],
    )  # fmt: skip


def write_osmp(asked: Asked | None, answered: Answered) -> bytes:
    """The answer to a terminal of OSMP."""
    return _write("osmp_txn_id", asked, answered, is_dated=False)


def write_ibox(asked: Asked | None, answered: Answered) -> bytes:
    """The answer to a terminal of iBox: with the date of our payment, and what may be chosen as its fields."""
    return _write("ibox_txn_id", asked, answered, is_dated=True)


def _write(name: str, asked: Asked | None, answered: Answered, *, is_dated: bool) -> bytes:
    root = etree.Element("response")
    put(root, name, asked.payment if asked else "")
    if answered.reference:
        put(root, "prv_txn", answered.reference)
        if is_dated and answered.at:
            put(root, "prv_txn_date", kyiv(answered.at, "%Y-%m-%d %H:%M:%S"))
        put(root, "sum", machine_money(answered.amount))
    put(root, "result", CODES[answered.outcome])
    if is_dated and answered.offers:
        fields = put(root, "fields")
        for place, offer in enumerate(answered.offers, start=1):
            put(fields, f"field{place}", offer.title, name=offer.account)
    put(root, "comment", answered.message or "OK")
    return write_xml(root)
