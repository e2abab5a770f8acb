"""Phones and email addresses: what is understood, what is refused, and why."""

from __future__ import annotations

import random
import subprocess
import sys
from contextlib import suppress

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recrm.clients.phones import (
    EmailNotUnderstood,
    Phone,
    PhoneNotUnderstood,
    digits_of,
    parse_email,
    parse_phone,
)

MOBILE = Phone("+8613800138000", "", "+86 138 0013 8000")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "13800138000",
            "138-0013-8000",
            "138 0013 8000",
            "(138) 0013.8000",
            "１３８００１３８０００",
            "138–0013–8000",
        ),
        *("+86 138 0013 8000", "+8613800138000", "0086-13800138000", "8613800138000", "+86 (0)138 0013 8000"),
        *("13800138000.0", "'13800138000", '="13800138000"', "13,800,138,000", "17951 13800138000"),
        *(
            "tel:+86-138-0013-8000",
            "手机：13800138000",
            "\u202a+86\u00a0138\u00a00013\u00a08000\u202c",
            "１３８　００１３　８０００",
        ),
    ],
)
def test_a_mobile_is_one_number_however_written(text: str) -> None:
    assert parse_phone(text, "cn") == MOBILE


@pytest.mark.parametrize(
    "text",
    [
        *(
            "010-8888 1234转801",
            "010-8888 1234 转 801",
            "010-88881234-801",
            "(010) 88881234 ext. 801",
            "010 88881234x801",
        ),
        *("010-88881234#801", "010-88881234(转801)", "010-88881234分机801", "tel:+86-10-88881234;ext=801"),
        *("+861088881234,801", "10-88881234 extension 801"),
    ],
)
def test_an_extension_stands_beside_the_number(text: str) -> None:
    assert parse_phone(text, "CN") == Phone("+861088881234", "801", "+86 10 8888 1234 ext. 801")


@pytest.mark.parametrize(
    ("text", "region", "e164"),
    [
        ("400-810-8888", "CN", "+864008108888"),
        ("+44 (0)20 7946 0018", "CN", "+442079460018"),
        ("+39 (0)6 69 812345", "CN", "+390669812345"),
        ("(415) 555-2671", "US", "+14155552671"),
        ("0086 13800138000", "US", "+8613800138000"),
        ("011 86 138 0013 8000", "US", "+8613800138000"),
        ("030/123456", "DE", "+4930123456"),
        ("712345", "AD", "+376712345"),
        ("٠٩١٢٣٤٥٦٧٨", "TW", "+886912345678"),
        ("+13800138000", "CN", "+13800138000"),
        ("15400138000", "CN", "+8615400138000"),
        ("+86 138 8888 8888", "CN", "+8613888888888"),
    ],
)
def test_numbers_of_the_world_are_understood(text: str, region: str, e164: str) -> None:
    assert parse_phone(text, region).e164 == e164


@pytest.mark.parametrize(
    ("text", "region", "why"),
    [
        *((text, "CN", "empty") for text in ("", " ", "-", "+", "()")),
        *((text, "CN", "letters") for text in ("1-800-FLOWERS", "Anna", "微信 13800138000", "13800138000 x")),
        *((text, "CN", "signs") for text in ("138****8000", "++8613800138000", "13800138000😀")),
        *((text, "CN", "digits_lost") for text in ("1.38E+10", "1.38001e10", "1E+10", "１．３８Ｅ＋１０")),
        *((text, "CN", "placeholder") for text in ("11111111111", "00000", "12345678", "+8687654321")),
        *((text, "CN", "area") for text in ("88881234", "8888123", "6288-1234", "+86 62881234")),
        *((text, "CN", "short") for text in ("110", "95588", "1380013800", "+86 138001380", "+44 20")),
        *((text, "CN", "long") for text in ("138001380000", "13800138000/13900139000", "13800138000、13900139000")),
        *((text, "CN", "country") for text in ("+999 1234567890", "+0 1380013800")),
        *((text, "US", why) for text, why in (("555-2671", "area"), ("911", "short"))),
        ("2071838750", "ZZ", "country"),
    ],
)
def test_what_nobody_can_call_is_refused_with_the_reason(text: str, region: str, why: str) -> None:
    with pytest.raises(PhoneNotUnderstood) as refused:
        parse_phone(text, region)
    assert refused.value.why == why
    assert refused.value.exit_code == 2
    assert refused.value.what().endswith(".")
    assert refused.value.hint().endswith(".")


def test_a_refusal_quotes_no_escape_sequence() -> None:
    assert (
        PhoneNotUnderstood("\x1b[31m" + "9" * 99, "long").what() == f"“{'9' * 39}…” is too long for one phone number."
    )


def test_the_quick_way_gives_what_the_library_gives() -> None:
    chance = random.Random(1)
    prefixes = [f"1{number}" for number in range(30, 100) if number != 79]
    samples = [(prefix + f"{chance.randrange(10**8):08}", "CN") for prefix in prefixes for _ in range(20)]
    for region in ("CN", "US", "GB", "DE", "IT", "HK", "SG", "JP"):
        example = phonenumbers.example_number(region)
        assert example
        samples.append((phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.NATIONAL), region))
    for text, region in samples:
        parsed = phonenumbers.parse(text, region)
        phone = parse_phone(text, region)
        assert phone.e164 == phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        assert phone.shown == phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
        assert parse_phone(phone.shown, "FR") == phone


def test_an_extension_is_shown_alike_on_both_ways() -> None:
    assert parse_phone("13800138000x5", "CN").shown == "+86 138 0013 8000 ext. 5"
    assert parse_phone(parse_phone("010-88881234x5", "CN").shown, "US").extension == "5"


@given(st.text(st.one_of(st.characters(), st.sampled_from("0123456789+-() .ex转#,E")), max_size=30))
def test_any_text_is_a_phone_or_is_refused(text: str) -> None:
    with suppress(PhoneNotUnderstood):
        phone = parse_phone(text, "CN")
        assert phone.e164[1:].isdecimal()
        assert phone.e164 == parse_phone(phone.e164, "US").e164


REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)


@st.composite
def dialled(draw: st.DrawFn) -> tuple[str, str]:
    """A number as somebody of any country writes it, zeros at its beginning more often than not, and that country."""
    region = draw(st.sampled_from(REGIONS))
    zeros, digits = "0" * draw(st.integers(0, 4)), draw(st.from_regex(r"[0-9]{2,12}", fullmatch=True))
    code = draw(st.sampled_from(["+{}", "00{}", "+{} ", ""])).format(phonenumbers.country_code_for_region(region))
    return code + zeros + digits + draw(st.sampled_from(["", "", " ext. 801", "#5"])), region


@settings(deadline=None)
@given(dialled(), st.sampled_from(REGIONS))
def test_a_phone_reads_back_as_the_same_in_every_country(number: tuple[str, str], elsewhere: str) -> None:
    """What is kept, and what is shown, is read again from exports and backups, and must not lose a digit each time."""
    text, region = number
    with suppress(PhoneNotUnderstood):
        phone = parse_phone(text, region)
        try:
            for again in (region, elsewhere):
                assert parse_phone(phone.shown, again) == phone
                assert parse_phone(phone.e164, again).e164 == phone.e164
        except PhoneNotUnderstood as refused:
            pytest.fail(f"{phone} is refused when read again: {refused.why}")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("+39 06 1234567", "+39061234567"),  # in Italy the zero belongs to the number
        ("+49 004 0700087786", "+4940700087786"),
        ("+44 (0)20 7946 0018", "+442079460018"),
        ("00 886 00 8 3305 0941", "+886833050941"),
    ],
)
def test_zeros_before_a_number_are_the_trunk_s_or_its_own(text: str, kept: str) -> None:
    assert parse_phone(text, "CN").e164 == kept


@pytest.mark.parametrize("text", ["+310000000", "+3100000000", "+390000000", "+86 000000000"])
def test_a_number_of_zeros_alone_is_made_up(text: str) -> None:
    with pytest.raises(PhoneNotUnderstood) as refused:
        parse_phone(text, "CN")
    assert refused.value.why == "placeholder"


def test_an_extension_is_called_the_same_in_every_country() -> None:
    assert parse_phone("+598 2 601 4771 ext. 12", "CN").shown == "+598 2601 4771 ext. 12"


def test_a_chinese_mobile_does_not_load_the_library() -> None:
    script = (
        "import sys; from recrm.clients.phones import parse_phone;"
        "parse_phone('13800138000', 'CN'); assert 'phonenumbers' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("138-0013-8000", "13800138000"),
        ("+86 138 0013 8000", "8613800138000"),
        ("0086 13800138000", "8613800138000"),
        ("010-8888 1234", "1088881234"),
        ("+44 (0)20 7946 0018", "442079460018"),
        ("0013", "0013"),
        ("１３８", "138"),
        *((text, None) for text in ("", "12", "1.5", "李娜", "138x", "a138", "138,5", "13:30", "---")),
    ],
)
def test_digits_to_look_for(text: str, digits: str | None) -> None:
    assert digits_of(text) == digits


@pytest.mark.parametrize("text", ["010-8888 1234", "01088881234", "+86 (0)10 8888 1234", "8888-1234", "1088881234"])
def test_the_digits_typed_are_found_within_the_number_kept(text: str) -> None:
    assert (digits_of(text) or "?") in parse_phone("010-88881234", "CN").e164


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("Anna@Example.COM", "anna@example.com"),
        (" <a.b+c@x.co.uk> ", "a.b+c@x.co.uk"),
        ("mailto:O'Brien@x.ie", "o'brien@x.ie"),
        ("李娜@例子。公司", "李娜@例子.公司"),
        ("x@xn--fsqu00a.xn--55qx5d", "x@xn--fsqu00a.xn--55qx5d"),
        ("ａ＠ｑｑ．ｃｏｍ", "a@qq.com"),
        ("1234567@qq.com", "1234567@qq.com"),
    ],
)
def test_emails_are_kept_in_lower_case(text: str, email: str) -> None:
    assert parse_email(text) == email


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "anna",
            "a@b",
            "@b.com",
            "a@",
            "a@@b.com",
            "a..b@c.de",
            ".a@c.de",
            "a.@c.de",
            "a b@c.de",
            "a@-b.com",
        ),
        *(
            "a@b-.com",
            "a@b..com",
            "a@b.123",
            "a@127.0.0.1",
            "a@b_c.com",
            "a,b@c.de",
            "a@b.com,c@d.com",
            '"a"@b.com',
        ),
        *("x" * 65 + "@b.com", "a@" + "b" * 64 + ".com", "a@" + "b.c." * 70 + "com"),
    ],
)
def test_what_is_no_email_is_refused(text: str) -> None:
    with pytest.raises(EmailNotUnderstood) as refused:
        parse_email(text)
    assert refused.value.what().endswith(" is not an email address.")
    assert refused.value.hint()


@given(st.text())
def test_any_text_is_an_email_or_is_refused(text: str) -> None:
    with suppress(EmailNotUnderstood):
        kept = parse_email(text)
        assert parse_email(kept) == kept
