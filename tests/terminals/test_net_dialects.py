"""Each dialect alone: what its requests are read as, what its answers look like, and what no parser swallows."""

from datetime import datetime

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from viche.channels.terminals.networks import city24, debt, easypay, osmp
from viche.channels.terminals.networks.accounts import BadAccount, read_account
from viche.channels.terminals.networks.dialects import DIALECTS
from viche.channels.terminals.networks.speech import Answered, Asked, Line, Misread, Offer, Outcome, Verb
from viche.foundation import clock

AT = datetime(2026, 10, 5, 12, 30, tzinfo=clock.KYIV)
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b"<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>]><Transfer>&c;</Transfer>"
)
EXTERNAL = (
    b'<?xml version="1.0"?><!DOCTYPE t [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b"<Request><DateTime>&x;</DateTime><Check/></Request>"
)
DEEP = b"<Request>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</Request>"


def transfer(action: str, data: str, **attributes: str) -> bytes:
    named = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Transfer xmlns="{debt.SPACE}" interface="Debt" action="{action}">'
        f'<Data xmlns:xsi="{debt.XSI}" xsi:type="Payer"{named}>{data}</Data></Transfer>'
    ).encode()


PAID = (
    '<CompanyInfo mfo="305299"><CheckReference>4711</CheckReference></CompanyInfo>'
    '<PayerInfo billIdentifier="2987654321-12"/><TotalSum>1.00</TotalSum><CreateTime>2026-10-05T12:30:00</CreateTime>'
    '<ServiceGroup><Service sum="1.00" serviceCode="12"/></ServiceGroup>'
)


def misread(call, *arguments) -> Outcome:
    with pytest.raises(Misread) as caught:
        call(*arguments)
    return caught.value.outcome


def test_debt_finds_a_payer_by_line_by_bill_and_by_what_was_found_before():
    found = debt.read(b"", transfer("Presearch", '<Unit name="ls" value="2987654321"/>'))
    assert (found.verb, found.account) == (Verb.PRESEARCH, "2987654321")
    found = debt.read(b"", transfer("Search", "", presearchId="2987654321-12"))
    assert (found.verb, found.account) == (Verb.SEARCH, "2987654321-12")
    found = debt.read(b"", transfer("Search", '<Unit name="bill_identifier" value="2987654321"/>'))
    assert (found.verb, found.account) == (Verb.SEARCH, "2987654321")


def test_debt_pays_by_the_banks_id_and_our_reference():
    asked = debt.read(b"", transfer("Pay", PAID, id="990011"))
    assert asked == Asked(
        Verb.PAY, payment="990011", reference="4711", account="2987654321-12", service="12", amount=100, at=AT,
        echo="Pay",
    )  # fmt: skip


def test_a_check_of_debt_has_no_payment_yet():
    asked = debt.read(b"", transfer("Check", PAID, id="990011"))
    assert (asked.verb, asked.payment, asked.amount) == (Verb.CHECK, "", 100)


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (transfer("Explode", ""), Outcome.UNREADABLE),
        (transfer("Pay", PAID), Outcome.UNREADABLE),
        (transfer("Pay", PAID.replace("1.00<", "ten<"), id="1"), Outcome.BAD_SUM),
        (transfer("Pay", PAID.replace("-05T", "-35T"), id="1"), Outcome.BAD_DATE),
        (transfer("Cancel", "<CompanyInfo/>"), Outcome.NO_PAYMENT),
        (b"", Outcome.UNREADABLE),
        (b"<not-closed", Outcome.UNREADABLE),
        (b"<other/>", Outcome.UNREADABLE),
        (b"\xff\xfe\x00", Outcome.UNREADABLE),
        (BOMB, Outcome.UNREADABLE),
        (EXTERNAL, Outcome.UNREADABLE),
        (DEEP, Outcome.UNREADABLE),
        (b"<a>" + b" " * 70_000 + b"</a>", Outcome.UNREADABLE),
    ],
)
def test_debt_says_what_is_wrong(body, outcome):
    assert misread(debt.read, b"", body) == outcome


@pytest.mark.parametrize("body", [BOMB, EXTERNAL, DEEP, b"", b"<Request/>", b"<Request><Check/><"])
def test_easypay_reads_no_bombs(body):
    assert misread(easypay.read, b"", body) == Outcome.UNREADABLE


def test_easypay_in_two_phases():
    def body(part: str) -> bytes:
        return f"<Request><DateTime>2026-10-05T12:30:00</DateTime><Sign></Sign>{part}</Request>".encode()

    asked = easypay.read(b"", body("<Check><ServiceId>5</ServiceId><Account>2987654321</Account></Check>"))
    assert asked == Asked(Verb.CHECK, account="2987654321", service="5", at=AT)
    asked = easypay.read(
        b"", body("<Payment><OrderId>77</OrderId><Account>2987654321-3</Account><Amount>0</Amount></Payment>")
    )
    assert asked == Asked(Verb.HOLD, payment="77", account="2987654321-3", amount=0, at=AT)
    assert easypay.read(b"", body("<Confirm><PaymentId>8</PaymentId></Confirm>")).reference == "8"
    assert easypay.read(b"", body("<Cancel><PaymentId>8</PaymentId></Cancel>")).verb == Verb.CANCEL
    assert misread(easypay.read, b"", body("<Confirm/>")) == Outcome.NO_PAYMENT
    assert misread(easypay.read, b"", body("<Payment><OrderId>7</OrderId></Payment>")) == Outcome.BAD_SUM
    late = body("<Check/>").replace(b"2026-10-05", b"yesterday")
    assert misread(easypay.read, b"", late) == Outcome.BAD_DATE


def test_osmp_pays():
    query = b"command=pay&txn_id=1234567&txn_date=20261005123000&account=2987654321-12&sum=1.0&trm_id=T9"
    assert osmp.read(query, b"") == Asked(
        Verb.PAY, payment="1234567", account="2987654321-12", amount=100, at=AT, terminal="T9"
    )


def test_osmp_is_read_in_its_declared_charset():
    query = b"command=check&txn_id=1&account=%CF%E5%F2%F0%EE"
    assert osmp.read(query, b"", "text/html; charset=windows-1251").account == "Петро"
    assert misread(osmp.read, query, b"", "text/html; charset=utf-8") == Outcome.UNREADABLE
    assert misread(osmp.read, query, b"", "text/html; charset=ebcdic") == Outcome.UNREADABLE


@pytest.mark.parametrize(
    ("query", "outcome"),
    [
        (b"", Outcome.UNREADABLE),
        (b"command=explode&txn_id=1", Outcome.UNREADABLE),
        (b"command=pay&account=1&sum=1", Outcome.UNREADABLE),
        (b"command=pay&txn_id=%3Cscript%3E&sum=1", Outcome.UNREADABLE),
        (b"command=pay&txn_id=1&sum=-1", Outcome.BAD_SUM),
        (b"command=pay&txn_id=1&sum=1e3", Outcome.BAD_SUM),
        (b"command=pay&txn_id=1&sum=1.005", Outcome.BAD_SUM),
        (b"command=pay&txn_id=1", Outcome.BAD_SUM),
        (b"command=pay&txn_id=1&sum=1&txn_date=20261399000000", Outcome.BAD_DATE),
    ],
)
def test_osmp_says_what_is_wrong(query, outcome):
    assert misread(osmp.read, query, b"") == outcome


def test_city24_pays_and_revises():
    query = b"QueryType=pay&TransactionId=5&Account=2987654321-1&Amount=1&TransactionDate=20261005123000"
    assert city24.read(query, b"") == Asked(Verb.PAY, payment="5", account="2987654321-1", amount=100, at=AT)
    asked = city24.read(b"QueryType=revise&DateFrom=20261005&DateTo=20261006", b"")
    assert (asked.verb, asked.since.day, asked.until.day) == (Verb.LIST, 5, 6)
    assert misread(city24.read, b"QueryType=revise&DateFrom=never", b"") == Outcome.BAD_DATE


def test_sums_are_kopiykas_and_never_rounded():
    def sum_of(text: str) -> int | None:
        return osmp.read(f"command=check&txn_id=1&sum={text}".encode(), b"").amount

    assert [sum_of(text) for text in ("0", "0.00", "1", "1.5", "1,05", "10.10", "0.010")] == [
        0, 0, 100, 150, 105, 1010, 1,
    ]  # fmt: skip


@pytest.mark.parametrize("name", DIALECTS)
def test_every_outcome_has_a_code_and_an_answer_that_is_xml(name):
    dialect = DIALECTS[name]
    assert set(dialect.codes) == set(Outcome)
    for outcome in Outcome:
        for verb in Verb:
            asked = Asked(verb, payment="1", reference="2", account="2987654321", echo="Pay")
            said = Answered(
                outcome, "Ні: <б> & \x00\x0b", payment="1", reference="2", account="2987654321", amount=100, at=AT,
                offers=(Offer("2987654321-1", "1", "Сквер & двір"),), lines=(Line("1", "2", 100, AT),),
            )  # fmt: skip
            written = dialect.write(asked, said)
            assert fromstring(written) is not None
            if outcome not in (Outcome.OK, Outcome.REPEATED):
                assert dialect.codes[outcome].encode() in written
        assert fromstring(dialect.write(None, Answered(outcome))) is not None


def test_the_shapes_of_debt():
    offers = (Offer("2987654321-1", "1", "Сквер"), Offer("2987654321-0", "0", "Проголосувати"))
    said = Answered(
        Outcome.OK, "Оберіть", account="2987654321", offers=offers, amount=0, company="Громада", reference="9"
    )
    table = fromstring(debt.write(Asked(Verb.PRESEARCH, echo="Presearch"), said))
    space = f"{{{debt.SPACE}}}"
    assert [each.text for each in table.iter(f"{space}Element")] == [
        "Сквер", "Проголосувати", "2987654321-1", "2987654321-0",
    ]  # fmt: skip
    pack = fromstring(debt.write(Asked(Verb.SEARCH, echo="Search"), said))
    assert [each.get("serviceCode") for each in pack.iter(f"{space}DebtService")] == ["1", "0"]
    assert {each.get("amountToPay") for each in pack.iter(f"{space}DebtInfo")} == {"0.00"}
    paid = fromstring(debt.write(Asked(Verb.PAY, echo="Pay"), said))
    assert paid.find(f"{space}Data").get("reference") == "9"
    again = fromstring(debt.write(Asked(Verb.PAY, echo="Pay"), Answered(Outcome.REPEATED, "Було")))
    assert again.find(f"{space}Data").get("code") == "7"


def test_the_shapes_of_osmp_and_ibox():
    said = Answered(
        Outcome.OK, "Прийнято", reference="9", amount=100, at=AT, offers=(Offer("1-1", "1", "Сквер"),)
    )
    asked = Asked(Verb.PAY, payment="5")
    root = fromstring(osmp.write_osmp(asked, said))
    assert [(each.tag, each.text) for each in root] == [
        ("osmp_txn_id", "5"), ("prv_txn", "9"), ("sum", "1.00"), ("result", "0"), ("comment", "Прийнято"),
    ]  # fmt: skip
    root = fromstring(osmp.write_ibox(asked, said))
    assert [each.tag for each in root] == [
        "ibox_txn_id", "prv_txn", "prv_txn_date", "sum", "result", "fields", "comment",
    ]  # fmt: skip
    assert (root.find("fields")[0].tag, root.find("fields")[0].get("name")) == ("field1", "1-1")


@pytest.mark.parametrize(
    ("line", "service", "read"),
    [
        ("2987654321-12", "", ("2987654321", "12")),
        ("2987654321*007", "", ("2987654321", "7")),
        ("298765432112", "", ("2987654321", "12")),
        (" 2987654321 # 0 ", "", ("2987654321", "0")),
        ("2987654321", "", ("2987654321", "")),
        ("2987654321", "5", ("2987654321", "5")),
        ("2987654321-5", "05", ("2987654321", "5")),
    ],
)
def test_an_account_is_a_tax_number_and_a_project(line, service, read):
    assert read_account(line, service) == read


@pytest.mark.parametrize(
    ("line", "service"),
    [
        ("298765432", ""),
        ("", ""),
        ("2987654321-", "x"),
        ("2987654321-5", "6"),
        ("298765432a-1", ""),
        ("٢987654321", ""),
    ],
)
def test_no_other_line_is_an_account(line, service):
    with pytest.raises(BadAccount):
        read_account(line, service)


@settings(max_examples=150)
@given(query=st.binary(max_size=200), body=st.binary(max_size=400))
def test_whatever_comes_is_read_or_misread(query, body):
    for dialect in DIALECTS.values():
        try:
            asked = dialect.read(query, body, "")
        except Misread as fault:
            dialect.write(fault.asked, Answered(fault.outcome, "…"))
        else:
            dialect.write(asked, Answered(Outcome.OK))


@settings(max_examples=150)
@given(values=st.fixed_dictionaries({}, optional={
    name: st.text(max_size=40) for name in
    ("command", "txn_id", "account", "sum", "txn_date", "service", "QueryType", "TransactionId", "Amount")
}))  # fmt: skip
def test_no_parameter_breaks_a_query(values):
    from urllib.parse import urlencode

    query = urlencode({"command": "pay", "QueryType": "pay", **values}, errors="surrogatepass").encode()
    for name in ("osmp", "ibox", "city24"):
        try:
            DIALECTS[name].write(DIALECTS[name].read(query, b"", ""), Answered(Outcome.OK))
        except Misread as fault:
            DIALECTS[name].write(fault.asked, Answered(fault.outcome))
