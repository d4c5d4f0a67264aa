"""PrivatBank "Debt": XML by POST, Presearch, Search, Check, Pay, Cancel. Pure."""

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
from viche.foundation.money import machine_money

SPACE = "http://debt.privatbank.ua/Transfer"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
CODES = {
    Outcome.OK: "",
    Outcome.UNREADABLE: "1",
    Outcome.BAD_ACCOUNT: "2",
    Outcome.NOT_FOUND: "2",
    Outcome.BAD_SUM: "3",
    Outcome.BAD_DATE: "4",
    Outcome.ADDRESS: "5",
    Outcome.SEVERAL: "6",
    Outcome.REPEATED: "7",
    Outcome.CRITICAL: "8",
    Outcome.NO_PAYMENT: "98",
    Outcome.CLASH: "99",
    Outcome.FORBIDDEN: "99",
    Outcome.LATER: "99",
}
CONTENT_TYPE = "text/xml; charset=utf-8"
ACTIONS = {
    "Presearch": Verb.PRESEARCH, "Search": Verb.SEARCH, "Check": Verb.CHECK, "Pay": Verb.PAY, "Cancel": Verb.CANCEL,
}  # fmt: skip
FORMS = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S.%f%z")


def read(_query: bytes, body: bytes, _content_type: str = "") -> Asked:
    """The request of a body. Misread with what was asked, where it could be seen."""
    root = read_xml(body)
    action = root.get("action", "")
    data = child_of(root, "Data")
    if local(root) != "Transfer" or root.get("interface") != "Debt" or action not in ACTIONS or data is None:
        raise Misread(Outcome.UNREADABLE, Asked(Verb.SEARCH, echo=action if action in ACTIONS else ""))
    verb = ACTIONS[action]
    known = Asked(verb, echo=action)
    units = {each.get("name", ""): each.get("value", "").strip() for each in data if local(each) == "Unit"}
    if verb == Verb.PRESEARCH:
        return Asked(verb, account=units.get("ls", ""), service=units.get("service", ""), echo=action)
    if verb == Verb.SEARCH:
        account = data.get("presearchId") or units.get("bill_identifier") or units.get("billIdentifier", "")
        return Asked(verb, account=account, service=units.get("service", ""), echo=action)
    try:
        return _payment(verb, action, data)
    except Misread as fault:
        raise Misread(fault.outcome, known) from None


def _payment(verb: Verb, action: str, data: etree._Element) -> Asked:
    """What Check, Pay and Cancel say. Misread."""
    payer = child_of(data, "PayerInfo")
    service = child_of(child_of(data, "ServiceGroup"), "Service")
    reference = text_of(data, "CompanyInfo", "CheckReference")
    reference = reference or text_of(service, "CompanyInfo", "CheckReference")
    payment = data.get("id", "")
    if verb == Verb.CANCEL:
        # without the bank's id or our reference there is no payment to look for
        if not is_id(payment) or (reference and not is_id(reference)):
            raise Misread(Outcome.NO_PAYMENT)
        return Asked(verb, payment=payment, reference=reference, echo=action)
    if verb == Verb.PAY and not is_id(payment):
        raise Misread(Outcome.UNREADABLE)
    if reference and not is_id(reference):
        raise Misread(Outcome.NO_PAYMENT)
    return Asked(
        verb, payment=payment if verb == Verb.PAY else "", reference=reference,
        account=payer.get("billIdentifier", "") if payer is not None else "",
        service=service.get("serviceCode", "") if service is not None else "",
        amount=read_sum(text_of(data, "TotalSum")), at=read_moment(text_of(data, "CreateTime"), *FORMS), echo=action,
        terminal=data.get("terminal", "")[:64],
    )  # fmt: skip


def write(asked: Asked | None, answered: Answered) -> bytes:
    """The answer: a table of payers, a pack of debts, a reference, or an error with its code."""
    root = etree.Element(f"{{{SPACE}}}Transfer", nsmap={None: SPACE})
    root.set("interface", "Debt")
    root.set("action", asked.echo if asked and asked.echo else "Search")
    is_repeated_pay = answered.outcome == Outcome.REPEATED and asked is not None and asked.verb == Verb.PAY
    if is_repeated_pay or answered.outcome not in (Outcome.OK, Outcome.REPEATED):
        data = _data(root, "ErrorInfo", code=CODES[answered.outcome])
        put(data, "Message", answered.message)
    elif asked is not None and asked.verb == Verb.PRESEARCH:
        _write_table(root, answered)
    elif asked is not None and asked.verb == Verb.SEARCH:
        _write_pack(root, answered)
    else:
        _data(root, "Gateway", reference=answered.reference)
    return write_xml(root)


def _data(root: etree._Element, kind: str, /, **attributes: str) -> etree._Element:
    data = etree.SubElement(root, f"{{{SPACE}}}Data", nsmap={"xsi": XSI})
    data.set(f"{{{XSI}}}type", kind)
    for key, value in attributes.items():
        data.set(key, value)
    return data


def _write_table(root: etree._Element, answered: Answered) -> None:
    """One column for what may be chosen, one for the account that chooses it; columns run beside each other."""
    data = _data(root, "PayersTable")
    headers = put(data, "Headers")
    put(headers, "Header", name="fio")
    put(headers, "Header", name="ls")
    columns = put(data, "Columns")
    titles, accounts = put(columns, "Column"), put(columns, "Column")
    for offer in answered.offers:
        put(titles, "Element", offer.title)
        put(accounts, "Element", offer.account)


def _write_pack(root: etree._Element, answered: Answered) -> None:
    """Every service that may be chosen, each with the sum of the way."""
    data = _data(root, "DebtPack", billPeriod=kyiv(clock.now(), "%Y%m"))
    put(data, "Message", answered.message)
    put(put(data, "PayerInfo", billIdentifier=answered.account, ls=answered.account), "Fio", "")
    group = put(data, "ServiceGroup")
    amount = machine_money(answered.amount)
    for offer in answered.offers:
        service = put(group, "DebtService", serviceCode=offer.service)
        company = put(service, "CompanyInfo")
        put(company, "CompanyCode", offer.service)
        put(company, "CompanyName", answered.company)
        put(service, "DebtInfo", amountToPay=amount, debt=amount)
        put(service, "ServiceName", offer.title)
        put(service, "PayerInfo", billIdentifier=offer.account, ls=offer.account)
