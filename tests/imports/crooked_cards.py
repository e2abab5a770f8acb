"""Cards as phones, mail programs and careless scripts really write them, with people who do not exist.

What a card says is put into one line: its name, then phones, emails and all else it says.
"""

from __future__ import annotations

from typing import NamedTuple

from recrm.core.errors import RecrmError
from recrm.imports.columns.card_properties import NotAClient
from recrm.imports.columns.cards import Card, Cards
from tests.imports import sheets


class Crooked(NamedTuple):
    """A file, and what its cards say, in order."""

    called: str
    data: bytes
    says: tuple[str, ...]


def card(*lines: str, version: str = "3.0", end: str = "\r\n") -> str:
    """A card of these lines; no version, no VERSION."""
    head = (f"VERSION:{version}",) if version else ()
    return "".join(line + end for line in ("BEGIN:VCARD", *head, *lines, "END:VCARD"))


def said(card: Card) -> str:
    """What the card says, in one line."""
    if isinstance(card.said, NotAClient):
        return "skipped"
    if isinstance(card.said, RecrmError):
        return "rejected"
    found = sheets.said(card.said)
    parts = [found.name, *(f"{kind} {value}" for kind, value in found.points)]
    parts += [f"#{tag}" for tag in found.tags]
    parts += [f"tier {found.tier}"] if found.tier else []
    parts += [f"born {found.birthday}"] if found.birthday else []
    parts += [f"{field}: {value}" for field, value in found.fields.items()]
    parts += [f"({found.notes})"] if found.notes else []
    return " | ".join(parts)


def all_said(cards: Cards) -> tuple[str, ...]:
    return tuple(map(said, cards.cards))


CROOKED: list[Crooked] = []


def _case(called: str, text: str | bytes, *says: str, encoding: str = "utf-8") -> None:
    CROOKED.append(Crooked(called, text if isinstance(text, bytes) else text.encode(encoding), says))


LINA = ("FN:李娜", "N:李;娜;;;", "TEL;TYPE=CELL:13800138000")
LINA_SAYS = "李娜 | phone 13800138000"
QP_NAME = "=E6=9D=8E;=E5=A8=9C"

# The file: line ends, encodings, what stands between the cards.
_case("plain", card(*LINA), LINA_SAYS)
_case("two cards", card(*LINA) + card("FN:Bob", "TEL:2"), LINA_SAYS, "Bob | phone 2")
_case("line feeds only", card(*LINA, end="\n"), LINA_SAYS)
_case("carriage returns only", card(*LINA, end="\r") + card("FN:Bob", end="\r"), LINA_SAYS, "Bob")
_case("doubled carriage returns", card(*LINA, end="\r\r\n"), LINA_SAYS)
_case("no line end at the end", card(*LINA).rstrip(), LINA_SAYS)
_case("blank lines between lines", card(*LINA, end="\r\n\r\n"), LINA_SAYS)
_case("blank lines ahead", "\r\n\r\n" + card(*LINA), LINA_SAYS)
_case("small letters", "begin:vcard\nversion:3.0\nfn:李娜\ntel;type=cell:13800138000\nend:vcard\n", LINA_SAYS)
_case("blanks after BEGIN and END", card(*LINA).replace("VCARD", "VCARD  "), LINA_SAYS)
_case("indented", "".join("    " + line for line in card(*LINA).splitlines(keepends=True)), LINA_SAYS)
_case("byte order mark", card(*LINA), LINA_SAYS, encoding="utf-8-sig")
_case("byte order mark before every card", "\ufeff" + card(*LINA) + "\ufeff" + card("FN:Bob"), LINA_SAYS, "Bob")
_case("UTF-16 with its mark", card(*LINA), LINA_SAYS, encoding="utf-16")
_case("UTF-16 little endian without a mark", card(*LINA), LINA_SAYS, encoding="utf-16-le")
_case("UTF-16 big endian without a mark", card(*LINA), LINA_SAYS, encoding="utf-16-be")
_case("GBK that nobody declares", card(*LINA, "NOTE:看过三套房子"), LINA_SAYS + " | (看过三套房子)", encoding="gbk")
_case(
    "Big5 that nobody declares",
    card("FN:陳大文", "NOTE:想買兩房的單位，近地鐵，預算八百萬"),
    "陳大文 | (想買兩房的單位，近地鐵，預算八百萬)",
    encoding="big5",
)
_case("Latin-1 that nobody declares", card("FN:José Muñoz", "TEL:1"), "José Muñoz | phone 1", encoding="latin-1")
_case(
    "GBK names that are valid UTF-8 by accident",
    card("FN:联通", "TEL:1") + card("FN:王芳", "NOTE:想买学区的房子") + card("FN:李娜"),
    "联通 | phone 1",
    "王芳 | (想买学区的房子)",
    "李娜",
    encoding="gbk",
)
_case(
    "one Latin-1 card among UTF-8 ones",
    card(*LINA).encode() + card("FN:José").encode("latin-1") + card("FN:王芳").encode(),
    LINA_SAYS,
    "José",
    "王芳",
)
_case(
    "one bad byte in one card",
    card(*LINA).encode() + card("FN:王芳", "NOTE:?").encode().replace(b"?", b"\xe5\xa8") + card("FN:Bob").encode(),
    LINA_SAYS,
    "rejected",
    "Bob",
)
_case(
    "one bad byte in a file of GBK",
    (card(*LINA) + card("FN:王芳", "NOTE:?") + card("FN:赵强")).encode("gbk").replace(b"?", b"\xff"),
    LINA_SAYS,
    "rejected",
    "赵强",
)
_case("END is missing between two", card(*LINA).replace("END:VCARD\r\n", "") + card("FN:Bob"), LINA_SAYS, "Bob")
_case("the file is cut off", card("FN:Bob") + card(*LINA)[:-20], "Bob", "rejected")
_case("BEGIN is missing", card("FN:Bob") + card(*LINA).replace("BEGIN:VCARD\r\n", ""), "Bob", "rejected")
_case("END twice", card(*LINA) + "END:VCARD\r\n" + card("FN:Bob"), LINA_SAYS, "Bob")
_case("words between the cards", card(*LINA) + "-- \r\nsent from my phone\r\n" + card("FN:Bob"), LINA_SAYS, "Bob")
_case("an empty card", card() + card("FN:Bob"), "skipped", "Bob")
_case("control characters", card("FN:李\x1b[2J娜\x00", "TEL:138\u202a00138000\u202c"), "李娜 | phone 13800138000")

# Lines: folds, quoted-printable, base64.
_case("folded with a blank", card("FN:Anna\r\n  Smith"), "Anna Smith")
_case("folded with a tab", card("NOTE:one\r\n\t two", "FN:A"), "A | (one two)")
_case("folded inside a character", card("FN:李娜").encode().replace(b"\xe5\xa8", b"\xe5\r\n \xa8"), "李娜")
_case("folded inside the head", card("FN:A", "TEL;TYPE=CE\r\n LL:13800138000"), "A | phone 13800138000")
_case("folded before a blank, as in 2.1", card("FN:A", "NOTE:one\r\n two", version="2.1"), "A | (one two)")
_case(
    "an email folded in 2.1", card("FN:A", "EMAIL:anna@exam\r\n ple.com", version="2.1"), "A | email anna@example.com"
)
_case("a line end that nobody escaped", card("FN:A", "NOTE:one\r\ntwo: three"), "A | (one\ntwo: three)")
_case(
    "a note that is a list of addresses",
    card("FN:A", "NOTE:see\r\nhttps://example.com"),
    "A | (see\nhttps://example.com)",
)
_case("a blank before the colon's value", card("FN: Anna ", "TEL: 13800138000"), "Anna | phone 13800138000")
_case(
    "quoted-printable",
    card(f"N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:{QP_NAME};;;", version="2.1"),
    "李娜",
)
_case(
    "quoted-printable that goes on",
    card("N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E6=9D=\r\n=8E;=E5=\r\n=A8=9C;;;", version="2.1"),
    "李娜",
)
_case(
    "quoted-printable wrapped without its sign",
    card("N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E6=9D\r\n=8E;=E5\r\n=A8=9C;;;", "TEL:1", version="2.1"),
    "李娜 | phone 1",
)
_case(
    "quoted-printable that goes on and is folded too",
    card("N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E6=9D=8E=\r\n =3B=E5=A8=9C;;;", version="2.1"),
    "李娜",
)
_case(
    "quoted-printable that ends as if it went on",
    card("NOTE;ENCODING=QUOTED-PRINTABLE:one=0D=0Atwo=", "TEL:1", "FN:A", version="2.1"),
    "A | phone 1 | (one\ntwo)",
)
_case(
    "quoted-printable text that looks like a property",
    card("FN:A", "NOTE;ENCODING=QUOTED-PRINTABLE:she said=\r\nWait: no", version="2.1"),
    "A | (she saidWait: no)",
)
_case(
    "quoted-printable before its blank",
    card("FN:A", "NOTE;ENCODING=QUOTED-PRINTABLE:one=\r\n two", version="2.1"),
    "A | (one two)",
)
_case("quoted-printable without ENCODING=", card("FN;QUOTED-PRINTABLE;CHARSET=UTF-8:=E6=9D=8E", version="2.1"), "李")
_case(
    "quoted-printable in 3.0, where there is none",
    card("FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E6=9D=8E=E5=A8=9C"),
    "李娜",
)
_case("quoted-printable GBK", card("N;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:=C0=EE;=C4=C8", version="2.1"), "李娜")
_case("base64 text", card("FN;CHARSET=UTF-8;ENCODING=BASE64:5p2O5aic", version="2.1"), "李娜")
_case(
    "GB2312 in bytes",
    card("N;CHARSET=GB2312:李;娜", "NOTE;CHARSET=GB2312:看过", version="2.1"),
    "李娜 | (看过)",
    encoding="gbk",
)
_case("Shift-JIS in bytes", card("N;CHARSET=SHIFT_JIS:山田;太郎", version="2.1"), "山田太郎", encoding="shift_jis")
_case("Big5 in bytes", card("N;CHARSET=BIG5:陳;大文", version="2.1"), "陳大文", encoding="big5")
_case("Latin-1 in bytes", card("FN;CHARSET=ISO-8859-1:José", version="2.1"), "José", encoding="latin-1")
_case("a charset that is not so", card("FN;CHARSET=GB2312:李娜", version="3.0"), "李娜")
_case("a charset nobody knows", card("FN;CHARSET=X-KLINGON:李娜"), "李娜")
_case(
    "one charset named, one forgotten",
    card("N;CHARSET=GB2312:李;娜", "NOTE:看过三套", version="2.1"),
    "李娜 | (看过三套)",
    encoding="gbk",
)
_case("a photograph", card("PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ\r\n SkZJRgAB\r\n", *LINA), LINA_SAYS)
_case(
    "a photograph without folds",
    card("PHOTO;JPEG;ENCODING=BASE64:/9j/4AAQ\r\nSkZJRgABAQE=\r\n", *LINA, version="2.1"),
    LINA_SAYS,
)
_case("a picture's URI", card("PHOTO:data:image/jpeg;base64,/9j/4AAQ", *LINA, version="4.0"), LINA_SAYS)
_case(
    "a card within a card",
    card("FN:Boss", "AGENT:", "BEGIN:VCARD", "VERSION:2.1", "FN:Helper", "TEL:1", "END:VCARD", "TEL:2", version="2.1"),
    "Boss | phone 2",
)
_case(
    "an escaped card within", card("FN:Boss", "AGENT:BEGIN:VCARD\\nFN:Helper\\nEND:VCARD\\n", "TEL:2"), "Boss | phone 2"
)

# Heads: groups, parameters, types.
_case("grouped", card("item1.FN:Anna", "item1.TEL:1"), "Anna | phone 1")
_case(
    "Apple's labels",
    card("FN:A", "item1.TEL:1", "item1.X-ABLabel:_$!<HomeFAX>!$_", "item2.TEL:2", "item2.X-ABLabel:_$!<Home>!$_"),
    "A | phone 2 | (HomeFAX: 1)",
)
_case("labels of one's own", card("FN:A", "item1.TEL:lina_wx", "item1.X-ABLABEL:微信"), "A | wechat lina_wx")
_case(
    "types without TYPE=",
    card("FN:A", "TEL;CELL;VOICE:1", "TEL;HOME;FAX:2", version="2.1"),
    "A | phone 1 | (Home fax: 2)",
)
_case("a fax of one's own spelling", card("FN:A", "TEL;TYPE=HomeFax:1"), "A | (homefax: 1)")
_case("several types", card("FN:A", 'TEL;TYPE="voice,cell";PREF=1:1', version="4.0"), "A | phone 1")
_case("a colon within quotes", card("FN:A", 'TEL;X-NOTE="a:b;c":1'), "A | phone 1")
_case("a quote that is not closed", card("FN:A", 'TEL;X-NOTE="a:1'), "A | phone 1")
_case(
    "the preferred first",
    card("FN:A", "TEL:1", "TEL;TYPE=pref:2", "EMAIL:a@b.cc"),
    "A | phone 2 | phone 1 | email a@b.cc",
)
_case(
    "the preferred first, in 4.0",
    card("FN:A", "TEL;PREF=50:1", "TEL;PREF=2:2", "TEL:3", version="4.0"),
    "A | phone 2 | phone 1 | phone 3",
)
_case("an extension", card("FN:A", "TEL;VALUE=uri:tel:+1-201-555-0123;ext=12"), "A | phone +1-201-555-0123 ext. 12")
_case("an empty phone", card("FN:A", "TEL;CELL:", "TEL: "), "A")
_case(
    "Samsung's own types",
    card("FN:A", "TEL;X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,=E5=BE=AE=E4=BF=A1):lina_wx", version="2.1"),
    "A | wechat lina_wx",
)
_case("chats of old", card("FN:A", "X-SKYPE:anna.s", "X-ABUID:123"), "A | (Skype: anna.s)")
_case("Android's own types", card("FN:A", "TEL;X-WhatsApp:+85260000001", version="2.1"), "A | whatsapp +85260000001")

# Names.
_case("turned by a Western phone", card("FN:娜 李", "N:李;娜;;;"), "李娜")
_case("more than the pieces", card("FN:李娜（万科）", "N:李;娜;;;"), "李娜（万科）")
_case("no whole name", card("N:Smith;Anna;M.;Dr.;Jr."), "Anna M. Smith Jr.")
_case("no pieces", card("FN:Anna Smith", "N:;;;;"), "Anna Smith")
_case("surname first", card("FN:Smith, Anna", "N:Smith;Anna;;;"), "Anna Smith")
_case("a phone for a name", card("FN:13800138000", "N:李;娜;;;"), "李娜")
_case("a surname and a title", card("N:王;;;;先生"), "王先生")
_case("only a company", card("N:;;;;", "ORG:Acme Ltd;Sales"), "Acme Ltd | company: Acme Ltd | occupation: Sales")
_case("only a nickname", card("NICKNAME:王姐", "TEL:1"), "王姐 | phone 1")
_case("nobody", card("TEL:13800138000"), " | phone 13800138000")
_case("version and all forgotten", card("N:Smith;Anna", "TEL:1", version=""), "Anna Smith | phone 1")
_case(
    "shown as a company",
    card("FN:Acme Ltd", "N:Smith;Anna;;;", "ORG:Acme Ltd;", "X-ABShowAs:COMPANY"),
    "Acme Ltd | company: Acme Ltd | (Contact person: Anna Smith)",
)
_case("an organization", card("FN:Acme Ltd", "KIND:org", version="4.0"), "Acme Ltd | company: Acme Ltd")
_case("a group", card("FN:Friends", "X-ADDRESSBOOKSERVER-KIND:group") + card("FN:A"), "skipped", "A")
_case("a place", card("FN:Garden", "KIND:location", version="4.0"), "skipped")

# Everything else.
_case("escapes", card("FN:Smith\\, Anna\\; Esq.", "NOTE:a\\nb\\Nc\\\\d"), "Smith, Anna; Esq. | (a\nb\nc\\d)")
_case("no escapes in 2.1", card("FN:A", "NOTE:C:\\new\\; D:\\old", version="2.1"), "A | (C:\\new; D:\\old)")
_case("a Chinese address", card("FN:A", "ADR;HOME:;;长安街1号;北京;;;中国"), "A | address 中国北京长安街1号")
_case(
    "a Western address",
    card("FN:A", "ADR;TYPE=HOME:;Apt 4;1 Elm St\\, rear;Salem;MA;01970;USA"),
    "A | address 1 Elm St, rear, Apt 4, Salem, MA, 01970, USA",
)
_case("an address and its label", card("FN:A", "ADR:;;1 Elm St;;;;", "LABEL:1 Elm St\\nSalem"), "A | address 1 Elm St")
_case("only a label", card("FN:A", "ADR:;;;;;;", "LABEL:1 Elm St\\nSalem"), "A | address 1 Elm St, Salem")
_case("birthday without a year", card("FN:A", "BDAY:--0520"), "A | born --0520")
_case("Apple's birthday", card("FN:A", "BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-20"), "A | born --05-20")
_case("a birthday's hour", card("FN:A", "BDAY;VALUE=date-time:1990-05-20T08:00:00+08:00"), "A | born 1990-05-20")
_case("a blank birthday", card("FN:A", "BDAY:0000-00-00"), "A")
_case("a birthday in words", card("FN:A", "BDAY;VALUE=text:circa 1800"), "A | (Birthday: circa 1800)")
_case("a year of birth", card("FN:A", "BDAY:1990", version="4.0"), "A | (Birthday: 1990)")
_case("a lunar birthday", card("FN:A", "X-LUNAR-BIRTHDAY:1990-08-15"), "A | born 农历1990-08-15")
_case(
    "a lunar birthday beside the solar one",
    card("FN:A", "X-ALTBDAY;CALSCALE=chinese:1990-04-26", "BDAY:1990-05-20"),
    "A | born 1990-05-20 | (Lunar birthday: 1990-04-26)",
)
_case("a birthday in words that can be read", card("FN:A", "BDAY;VALUE=text:20 May 1990"), "A | born 20 May 1990")
_case(
    "others' relations", card("FN:A", "X-EVOLUTION-SPOUSE:李明", "X-PHONETIC-LAST-NAME:Li"), "A | family: Spouse: 李明"
)
_case(
    "an address of Apple's",
    card("FN:A", "item1.ADR:;;长安街1号;北京;;;", "item1.X-APPLE-SUBLOCALITY:东城区"),
    "A | address 北京东城区长安街1号",
)
_case("categories", card("FN:A", "CATEGORIES:老客户,myContacts,学区"), "A | #老客户 | #学区")
_case(
    "chats",
    card(
        "FN:A", "X-WECHAT:lina_wx", "X-QQ:12345678", "IMPP:whatsapp:+85260000001", "IMPP;X-SERVICE-TYPE=Skype:skype:a.b"
    ),
    "A | wechat lina_wx | qq 12345678 | whatsapp +85260000001 | (Skype: a.b)",
)
_case(
    "Apple's chats",
    card("FN:A", "IMPP;X-SERVICE-TYPE=QQ;type=HOME:x-apple:12345678", "X-SOCIALPROFILE;type=WeChat;x-user=lina:x"),
    "A | qq 12345678 | wechat lina",
)
_case(
    "relations",
    card("FN:A", "item1.X-ABRELATEDNAMES:王强", "item1.X-ABLabel:_$!<Spouse>!$_", "RELATED;TYPE=child;VALUE=text:小明"),
    "A | family: Spouse: 王强; Child: 小明",
)
_case(
    "who sent them",
    card("FN:A", "item1.X-ABRELATEDNAMES:赵强", "item1.X-ABLabel:推荐人"),
    "A | referrer: 赵强",
)
_case(
    "Android's own",
    card(
        "FN:A",
        "X-ANDROID-CUSTOM:vnd.android.cursor.item/nickname;王姐;1;;;;;;;;;;;;;",
        "X-ANDROID-CUSTOM:vnd.android.cursor.item/relation;李明;14;;;;;;;;;;;;;",
        "X-ANDROID-CUSTOM:vnd.android.cursor.item/contact_event;2010-10-01;1;;;;;;;;;;;;;",
        version="2.1",
    ),
    "A | family: Spouse: 李明 | (Anniversary: 2010-10-01\nNickname: 王姐)",
)
_case("an anniversary", card("FN:A", "ANNIVERSARY:20101001", version="4.0"), "A | (Anniversary: 20101001)")
_case("an email with a name", card("FN:A", "EMAIL:Anna <a@example.com>"), "A | email a@example.com")
_case("Exchange's email", card("FN:A", "EMAIL;EX:/o=Org/cn=anna", version="2.1"), "A | (Email: /o=Org/cn=anna)")
_case("an escaped address of the web", card("FN:A", "URL:http\\://example.com"), "A | website http://example.com")
_case(
    "work",
    card("FN:A", "ORG:Acme;Sales", "TITLE:Manager", "ROLE:Manager"),
    "A | company: Acme | occupation: Sales; Manager",
)
_case("a property of nobody's", card("FN:A", "WX:lina_wx", "VIP:yes"), "A | wechat lina_wx | (Vip: yes)")
_case(
    "recrm's own fields",
    card("FN:A", "X-RECRM-TIER:B", "X-RECRM-SOURCE:贝壳", "X-RECRM-REASON:It was wrong."),
    "A | tier B | source: 贝壳",
)
