"""The taxpayer's number: its check digit, what it says of its holder, and what is no number at all."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viche.identity.providers import TaxNumberError, VerifiedClaims, make_tax_number, parse_tax_number

# a specimen widely printed in instructions for certificates; its check digit was not computed by this code
SPECIMEN = "3184710691"


def reason(text: str | None, **options: date) -> str:
    with pytest.raises(TaxNumberError) as caught:
        parse_tax_number(text, **options)
    return caught.value.reason


def test_the_specimen_tells_birth_date_and_sex():
    number = parse_tax_number(SPECIMEN)
    assert number.number == SPECIMEN
    assert number.birth_date == date(1987, 3, 12)
    assert number.sex == "male"


def test_check_digit_worked_by_hand():
    # 318471069: -3 + 5·1 + 7·8 + 9·4 + 4·7 + 6·1 + 10·0 + 5·6 + 7·9 = 221 = 20·11 + 1
    assert SPECIMEN[9] == "1"
    # 00001 0004: -0 + 4·1 + 7·4 = 32 = 2·11 + 10, and 10 is written 0
    assert parse_tax_number("0000100040").birth_date == date(1900, 1, 1)


def test_day_one_is_the_first_of_january_1900():
    assert make_tax_number(date(1900, 1, 1), "female", 0).number.startswith("00001")
    # the register counts real days: 1900 was no leap year
    assert make_tax_number(date(1900, 3, 1), "female", 0).number.startswith("00060")


@pytest.mark.parametrize(
    "text", ["3184 710 691", " 3184710691 ", "3184\u00a0710\u202f691", "TINUA-3184710691", "3184710691\n"]
)
def test_spaces_and_the_certificate_prefix_are_read_over(text):
    assert parse_tax_number(text).number == SPECIMEN


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, "absent"),
        ("", "absent"),
        ("   ", "absent"),
        ("n/a", "absent"),
        ("N/A", "absent"),
        ("н/д", "absent"),
        ("-", "absent"),
        ("0000000000", "absent"),
        ("КО123456", "passport"),
        ("003456789", "passport"),
        ("32855961", "organisation"),
        ("318471069", "passport"),
        ("31847106911", "length"),
        ("3184710692", "check_digit"),
        ("318471069X", "letters"),
        ("٣١٨٤٧١٠٦٩١", "letters"),
        ("-318471069", "letters"),
        ("0000000018", "check_digit"),
        ("0000000017", "date"),
    ],
)
def test_what_is_no_number_says_why(text, expected):
    assert reason(text) == expected


def test_nobody_is_born_tomorrow():
    today = date(2026, 6, 1)
    tomorrow = make_tax_number(today + timedelta(days=1), "male", 1).number
    assert reason(tomorrow, today=today) == "date"
    assert parse_tax_number(make_tax_number(today, "male", 1).number, today=today).birth_date == today


DAYS = st.dates(date(1900, 1, 1), date(2173, 10, 14))


@given(DAYS, st.sampled_from(["female", "male"]), st.integers(0, 9999))
def test_what_is_made_reads_back(born, sex, serial):
    made = make_tax_number(born, sex, serial)
    read = parse_tax_number(made.number)
    assert (read.birth_date, read.sex) == (born, sex)
    assert abs(int(read.number[5:9]) - serial) <= 1


@given(DAYS, st.integers(0, 9999), st.integers(0, 8), st.integers(1, 9))
def test_one_mistyped_digit_is_noticed_unless_the_two_remainders_share_a_digit(born, serial, place, shift):
    """Remainders 0 and 10 are both written 0: the one pair of mistakes this check digit cannot see."""
    number = make_tax_number(born, "male", serial).number
    digit = (int(number[place]) + shift) % 10
    mistyped = number[:place] + str(digit) + number[place + 1 :]
    if number[9] != "0":
        # date: the mistyped day may be day zero
        assert reason(mistyped) in {"check_digit", "date"}


@pytest.mark.parametrize("serial", [-1, 10_000])
def test_serial_out_of_range(serial):
    with pytest.raises(ValueError, match="serial"):
        make_tax_number(date(1990, 1, 1), "male", serial)


def test_birth_out_of_range():
    with pytest.raises(ValueError, match="day of birth"):
        make_tax_number(date(1899, 12, 31), "male", 1)


def test_no_digit_in_any_repr_or_message():
    number = parse_tax_number(SPECIMEN)
    claims = VerifiedClaims(
        provider="isei",
        method="bank_id",
        tax_number=SPECIMEN,
        family_name="Коваленко",
        given_name="Олена",
        patronymic="",
        address=None,
        issuer="",
    )
    with pytest.raises(TaxNumberError) as caught:
        parse_tax_number("3184710692")
    for shown in (repr(number), str(number), repr(claims), str(claims), str(caught.value)):
        assert "31847" not in shown
        assert "1987" not in shown
        assert "Коваленко" not in shown


def test_claims_cannot_carry_an_unchecked_number():
    with pytest.raises(TaxNumberError):
        VerifiedClaims(
            provider="isei",
            method="bank_id",
            tax_number="3184710692",
            family_name="А",
            given_name="Б",
            patronymic="",
            address=None,
            issuer="",
        )
