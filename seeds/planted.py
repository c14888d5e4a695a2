"""The situations that support meets, planted in the practice population under fixed customer numbers.

PLANTED names each customer's number and PURPOSES says what it is there for; P…, R… and A… are rules.
Their telephone numbers are (775) 555-0140 to -0169. Well-known domains occur where P1 or P3 names them.
"""

from datetime import date

from seeds.people import (
    PHASES,
    Card,
    Email,
    Grant,
    Job,
    Organisation,
    Person,
    Phone,
    Postal,
    PracticeOperator,
    SignIn,
    phases_after,
)

FIRST_NUMBER = 1001

ORGANISATIONS = (
    Organisation("Sunridge Solar", "sunridge.example.com", "(650) 555-0100", (
        ("Tessa", "Marlow", "tessa.marlow@sunridge.example.com", "(650) 555-0101"),
        ("Owen", "Pruitt", "owen.pruitt@sunridge.example.com", "(650) 555-0102"),
    )),
    Organisation("High Desert Heat Pumps", "highdesert.example.com", "650-555-0110", (
        ("Luz", "Arroyo", "luz.arroyo@highdesert.example.com", "650-555-0111"),
    )),
    Organisation("Truckee Meadows Electric", "tme.example.org", "+1 650 555 0120", (
        ("Grant", "Hollis", "g.hollis@tme.example.org", "650.555.0121"),
        ("Åsa", "Holm-Ek", "asa@tme.example.org", "650 555 0122"),
    )),
    Organisation("Öhman & Sons Roofing", "ohman.example.net", "(650) 555-0130", ()),
    Organisation("Bright [Energy] Sales", "bright.example.net", "(650) 555-0140", (
        ("Del", "Fontaine", "del@bright.example.net", "(650) 555-0141"),
    )),
)  # fmt: skip

OPERATORS = (
    PracticeOperator("kim", "Kim Sato", "support", 1038),
    PracticeOperator("rosa", "Rosa Lindqvist", "lead", 1039),
    PracticeOperator("ben", "Ben Achterberg", "lead"),
    PracticeOperator("ada", "Ada Moreau", "admin"),
    PracticeOperator("noor", "Noor Haddad", "auditor"),
)


def _mail(address: str) -> tuple[Email, ...]:
    return (Email(address),)


def _unverified(address: str) -> tuple[Email, ...]:
    return (Email(address, "unverified"),)


def _phone(number: str) -> tuple[Phone, ...]:
    return (Phone(number),)


def _user(username: str, days_ago: int) -> tuple[SignIn, ...]:
    return (SignIn(username, "active", days_ago),)


def _reno(street: str, postcode: str = "89502") -> Postal:
    return Postal(street, "Reno", "NV", postcode)


_LAUREL = _reno("418 Laurel Street", "89509")
_QUAIL = _reno("77 Quail Hollow Dr", "89511")
_ANDERSON = _reno("2210 Sierra Vista Ln", "89509")
_ALDER = Postal("1450 Alder Creek Rd", "Truckee", "CA", "96161")
_JUNIPER = Postal("9 Juniper Ct", "Sparks", "NV", "89436")

_HOMEOWNER_GRANTS = (Grant(0, PHASES), Grant(1, ("installation", "activation")))
_HOMEOWNER_JOB = Job("SV-2024-00123", 0, _ALDER, phases_after(3), _HOMEOWNER_GRANTS)
_SECOND_JOB = Job("SV-2025-00007", 1, _JUNIPER, phases_after(0))
_JOAN_JOB = Job("SV-2023-00042", 2, _ANDERSON, phases_after(5), (Grant(0, PHASES),))

_CASES: tuple[tuple[str, str, Person], ...] = (
    ("can-sign-in", "P1 case 0: one active sign-in, contact verified, nothing wrong", Person(
        1001, "Grace", "Whitfield", date(1979, 5, 14), "active", _reno("812 Plumb Ln"),
        _mail("grace.whitfield@example.com"), _phone("(775) 555-0140"), _user("gwhitfield", 2),
        (Card("PK40-2217-93"),))),
    ("username-without-email", "P1 case 2: signs in by username, no email", Person(
        1002, "Harold", "Pemberley", date(1948, 11, 2), "active", _reno("31 Mayberry Dr", "89509"),
        phones=_phone("775-555-0141"), sign_ins=_user("hpemberley", 211))),
    ("pass-without-email", "P1 case 3: holds an active pass, no email", Person(
        1003, "Ximena", "Ibáñez", date(1991, 7, 23), "active", _reno("5 Moana Ln Apt 12"),
        sign_ins=_user("ximena.i", 40), passes=(Card("PK40-1180-07"),))),
    ("claim-without-contact", "P1 case 4: no email, no phone, no sign-in; active", Person(
        1004, "Walter", "Okonkwo", date(1966, 2, 9), "active", _reno("1207 Arlington Ave", "89501"))),
    ("claim-inactive", "P1 case 4b: the same, never activated", Person(
        1005, "Bridget", "D'Arcy", date(1988, 12, 30), "inactive", _reno("660 Ridge St", "89501"))),
    ("inactive", "P1 case 5, P5: never activated, address on file", Person(
        1006, "Naomi", "Fairweather", date(1995, 4, 4), "inactive", _reno("90 Wells Ave"),
        _unverified("naomi.fairweather@example.org"), sign_ins=(SignIn("nfairweather", "placeholder"),))),
    ("inactive-without-email", "P5: never activated, only a phone", Person(
        1007, "Clyde", "Barrow-Finch", date(1957, 8, 19), "inactive", phones=_phone("775.555.0143"))),
    ("suspended-phone-clash", "P4: suspended; its phone is now held by suspended-phone-holder", Person(
        1008, "Victor", "Salazar", date(1983, 1, 27), "suspended", _reno("14 Comstock Way"),
        _mail("victor.salazar@example.net"), _phone("(775) 555-0144"), _user("vsalazar", 400))),
    ("suspended-phone-holder", "P4: live holder of the phone of suspended-phone-clash", Person(
        1009, "Dana", "Kowalski", date(1990, 10, 3), "active", _reno("2 Bonanza Ct", "89506"),
        _mail("dana.k@example.com"), _phone("+1 775 555 0144"), _user("dana.kowalski", 12))),
    ("pass-phone-clash", "P4: its only pass is suspended; its phone is now held by pass-phone-holder", Person(
        1010, "Yolanda", "Price", date(1974, 3, 16), "active", _reno("505 Granite Rd", "89521"),
        _mail("yprice@example.com"), _phone("775 555 0145"), _user("yprice", 98),
        (Card("PK40-3306-55", "suspended"),))),
    ("pass-phone-holder", "P4: live holder of the phone of pass-phone-clash", Person(
        1011, "Elmer", "Tran", date(1969, 6, 6), "active", _reno("71 Copper Canyon Way", "89521"),
        (), _phone("(775)555-0145"), _user("elmert", 7), (Card("PK40-3307-12"),))),
    ("suspended", "P4: suspended, no clash: reactivates without a question", Person(
        1012, "Imogen", "Ashby", date(2001, 9, 1), "suspended", _reno("33 Meadow Ln"),
        _mail("imogen.ashby@example.org"), _phone("775-555-0146"), _user("imogen01", 65))),
    ("suspended-email-clash", "P4: suspended; its email is now held by suspended-email-holder", Person(
        1013, "Paul", "Renner", date(1980, 2, 2), "suspended", _reno("610 Willow St", "89503"),
        _mail("renner.family@example.com"), _phone("775-555-0147"), _user("prenner", 730))),
    ("suspended-email-holder", "P4: live holder of the email of suspended-email-clash", Person(
        1014, "Sabine", "Renner", date(1982, 4, 25), "active", _reno("1018 Lake St", "89501"),
        _mail("Renner.Family@Example.com"), _phone("7755550148"), _user("sabine.renner", 21))),
    ("merged-away", "P1 case 7: merged into merge-survivor; the old username still gets typed", Person(
        1015, "Mia", "Torres", date(1993, 5, 5), "merged", _LAUREL,
        sign_ins=(SignIn("mia.old", "disabled", 900),), merged_into=1016)),
    ("merge-survivor", "P1 case 7: the survivor of merged-away", Person(
        1016, "Mía", "Torres", date(1993, 5, 5), "active", _LAUREL, _mail("mia.torres@example.com"),
        _phone("(775) 555-0149"), _user("mia.torres", 1))),
    ("locked", "P1 case 8: locked after ten wrong passwords", Person(
        1017, "Gordon", "Thistlewood", date(1961, 7, 7), "active", _reno("8 Eagle Nest Rd", "89511"),
        _mail("gordon.t@example.com"), _phone("775-555-0150"), (SignIn("gthistlewood", "locked", 9, 10),))),
    ("code-bouncing", "P1 case 9, P3: the address bounces, so no code arrives", Person(
        1018, "Priya", "Raman", date(1998, 8, 15), "active", _reno("19 Virginia St Unit 4", "89501"),
        (Email("priya.raman@example.net", "bouncing"),), (Phone("775-555-0151", "landline"),),
        _user("priyar", 33))),
    ("typo-gmial", "P3: joan@gmial.com, a misspelt well-known domain, never verified", Person(
        1019, "Joan", "Castellano", date(1987, 3, 8), "active", _reno("44 Cedar St"),
        _unverified("joan@gmial.com"), _phone("775-555-0152"), _user("jcastellano", 150))),
    ("typo-yahoo", "P3: a swapped top-level domain", Person(
        1020, "Ruth", "Oyelaran", date(1952, 12, 12), "active", _reno("230 Elm St", "89503"),
        _unverified("ruth.oyelaran@yahoo.co"), _phone("775-555-0153"), _user("ruth.oyelaran", 61))),
    ("typo-con", "P3: gmail.con, and the account is inactive", Person(
        1021, "Devon", "Marsh", date(2003, 1, 31), "inactive", _reno("88 Juniper Rd", "89506"),
        _unverified("devon.marsh.nv@gmail.con"), sign_ins=(SignIn("devonmarsh", "placeholder"),))),
    ("typo-onto-other", "A32: the correction of its typo is an address that typo-victim holds", Person(
        1022, "Liam", "Marsh", date(1976, 11, 11), "active", _reno("12 Pine St"),
        _unverified("l.marsh@gmial.com"), _phone("775-555-0154"), _user("liammarsh", 19))),
    ("typo-victim", "A32: holds the address that typo-onto-other seems to mean", Person(
        1023, "Lena", "Marsh", date(1994, 9, 9), "active", Postal("640 Walnut Ave", "Elko", "NV", "89801"),
        _mail("l.marsh@gmail.com"), (), _user("lena.marsh", 4))),
    ("near-miss", "P1 case 10: thomas.okonkow@… and t.okonkow match nothing, but nearly this one", Person(
        1024, "Thomas", "Okonkwo", date(1985, 6, 18), "active", _reno("930 Maple St", "89503"),
        _mail("thomas.okonkwo@example.com"), _phone("775-555-0155"), _user("t.okonkwo", 28),
        (Card("PK40-7781-30"),))),
    ("near-miss-other", "P1 case 10: the second nearest to the same typing", Person(
        1025, "Tomas", "Okonkwu", date(1972, 6, 28), "active",
        Postal("17 Mill St", "Sacramento", "CA", "95814"),
        _mail("tomas.okonkwu@example.com"), (), _user("tokonkwu", 366))),
    ("never-verified", "The tour: address never verified; maria.delgado@example.com is right", Person(
        1026, "Maria", "Delgado", date(1989, 10, 21), "active", _reno("301 Sagebrush Ln", "89506"),
        _unverified("maria.delgdo@example.com"), _phone("775-555-0156"), _user("mdelgado89", 120))),
    ("never-verified-clash", "The tour: holds m.delgado@example.com, which one would type first", Person(
        1027, "Marina", "Delgado", date(1970, 1, 5), "active", Postal("5 Church St", "Fallon", "NV", "89406"),
        _mail("m.delgado@example.com"), _phone("775-555-0157"), _user("marina.delgado", 15))),
    ("duplicate", "An obvious duplicate of duplicate-twin: same name, birth date, phone, street", Person(
        1028, "Jonathan", "Prewitt", date(1977, 4, 13), "active", _reno("56 Silver Creek Rd", "89521"),
        _mail("jonathan.prewitt@example.com"), _phone("(775) 555-0158"), _user("jprewitt", 5),
        (Card("PK40-5120-44"),))),
    ("duplicate-twin", "The other half of duplicate, typed in a hurry", Person(
        1029, "Jon", "Prewit", date(1977, 4, 13), "active", _reno("56 Silver Creek Road", "89521"),
        _mail("jon.prewitt@example.org"), _phone("7755550158"), created_days_ago=80)),
    ("duplicate-moved", "A duplicate who moved and married: first name and birth date agree", Person(
        1030, "Annelise", "Baker", date(1992, 2, 29), "active", _reno("4 Spring St"),
        _mail("annelise.baker@example.com"), (), _user("annelise92", 640))),
    ("duplicate-moved-twin", "The other half of duplicate-moved", Person(
        1031, "Annelise", "Baker-Quist", date(1992, 2, 29), "active",
        Postal("1900 Oak Ave", "Carson City", "NV", "89701"), _mail("annelise.quist@example.com"), (),
        _user("aquist", 8), (Card("PK40-6009-81"),), created_days_ago=200)),
    ("namesake", "Namesake of namesake-other: another person, city and birth date", Person(
        1032, "Robert", "Hughes", date(1963, 3, 3), "active", _reno("700 Highland Ave", "89503"),
        _mail("robert.hughes@example.com"), _phone("775-555-0159"), _user("rhughes", 17))),
    ("namesake-other", "The other Robert Hughes", Person(
        1033, "Robert", "Hughes", date(1990, 12, 1), "active",
        Postal("28 Sunset Blvd", "Las Vegas", "NV", "89104"),
        _mail("robert.hughes@example.org"), (), _user("bobhughes", 90))),
    ("senior", "Father of junior: same name, address and phone, not a duplicate", Person(
        1034, "George", "Valdez", date(1955, 8, 8), "active", _QUAIL, _mail("george.valdez@example.com"),
        (Phone("(775) 555-0160", "landline"),), _user("gvaldez", 55))),
    ("junior", "Son of senior", Person(
        1035, "George", "Valdez", date(1984, 1, 19), "active", _QUAIL, _mail("gvaldez.jr@example.com"),
        (Phone("775-555-0160", "landline"),), _user("gvaldezjr", 3))),
    ("homeowner", "P2: a contract, an authorised person, representatives with all phases and with two",
     Person(1036, "Eleanor", "Voss", date(1968, 5, 30), "active", _ALDER, _mail("eleanor.voss@example.com"),
            (Phone("775-555-0161", "landline"), Phone("775-555-0162", primary=False)), _user("evoss", 14),
            contracts=(_HOMEOWNER_JOB,), authorised=(("Marcus", "Voss", "spouse"),))),
    ("homeowner-without-grants", "P2: a contract to which no representative has access", Person(
        1037, "Samuel", "Adeyemi", date(1981, 7, 2), "active", _JUNIPER, _mail("sam.adeyemi@example.com"),
        _phone("775-555-0163"), contracts=(_SECOND_JOB,))),
    ("operator-kim", "R36: the support operator kim is a customer too", Person(
        1038, "Kim", "Sato", date(1996, 6, 24), "active", _reno("77 Prospector Way"),
        _mail("kim.sato@example.com"),
        _phone("775-555-0164"), _user("kimsato", 6))),
    ("operator-rosa", "R36: the team lead rosa is a customer too", Person(
        1039, "Rosa", "Lindqvist", date(1978, 9, 17), "active", _reno("2 Vista del Sol Ct"),
        _mail("rosa.lindqvist@example.com"), _phone("775-555-0165"), _user("rosal", 11))),
    ("reset-required", "Sign-in that may only be used after a reset", Person(
        1040, "Amara", "Diallo", date(1999, 11, 29), "active", _reno("41 Church St", "89501"),
        _mail("amara.diallo@example.com"), (), (SignIn("amarad", "reset-required", 75),))),
    ("placeholder", "R15: a placeholder password, never signed in", Person(
        1041, "Edith", "Kaufman", date(1944, 2, 20), "active", _reno("15 Wild Horse Dr", "89511"),
        _mail("edith.kaufman@example.com"), (), (SignIn("ekaufman", "placeholder"),))),
    ("joan", "P1 case 1: Joan shares janderson@gmail.com with her husband, so she cannot sign in", Person(
        1042, "Joan", "Anderson", date(1971, 6, 12), "active", _ANDERSON, _mail("janderson@gmail.com"),
        _phone("(775) 555-0142"), _user("joan.a", 3),
        (Card("PK40-4242-01"), Card("PK40-4242-02")), (_JOAN_JOB,))),
    ("daniel", "P1 case 1: holds it wrongly; his own, danderson@gmail.com, nobody holds yet", Person(
        1043, "Daniel", "Anderson", date(1969, 1, 30), "active", _ANDERSON, _mail("janderson@gmail.com"),
        _phone("775-555-0142"), (SignIn("danderson", "placeholder"),),
        notes=("Says his own address is danderson@gmail.com.",))),
    ("crowded", "A screen full: ten emails, six passes, long notes", Person(
        1044, "Philippa", "Montgomery-Featherstonehaugh", date(1958, 10, 10), "active",
        _reno("1 Main St", "89501"),
        tuple(Email(f"philippa.{n}@example.com", primary=n == 1) for n in range(1, 11)),
        _phone("775-555-0166"), _user("philippa.mf", 1),
        tuple(Card(f"PK40-88{n:02}-10", "expired" if n < 4 else "active") for n in range(1, 7)),
        notes=("Called about every pass in turn. " * 12,))),
    ("disabled", "Sign-in disabled, nothing else wrong", Person(
        1045, "Curtis", "Nakamura", date(1986, 3, 28), "active", _reno("620 Oak St", "89503"),
        _mail("curtis.nakamura@example.com"), (), (SignIn("cnakamura", "disabled", 512),))),
    ("expired-pass", "The only pass has expired, so its id no longer resolves", Person(
        1046, "Wendy", "Ostrowski", date(1973, 12, 6), "active", _reno("18 Mill St", "89502"),
        _mail("wendy.ostrowski@example.com"), passes=(Card("PK39-0001-66", "expired"),))),
    ("only-a-name", "Nothing on file but a name", Person(1047, "Quentin", "Vanterpool")),
)  # fmt: skip

HOSTILE_NAMES = (
    ("[/x]", "Bracket", "a closing markup tag with nothing to close"),
    ("[bold", "Openend", "a markup tag that never ends"),
    ("[@click=app.quit]x[/]", "Clickme", "a link that would quit the console"),
    ("\x1b]52;c;aGVsbG8=\x07Osc", "Clipboard", "OSC 52: writes the clipboard of the terminal"),
    ("\x1b]0;pwned\x07\x1b[2JTitle", "\x9b31mClear", "sets the title, clears the screen, C1 colour"),
    ("\u202enaoJ", "nosrednA\u2066", "right-to-left override and an isolate that is never closed"),
    ("Jo\u200ban\u2060", "An\ufeffder\u200dson", "zero-width characters inside a common name"),
    ("Robert'; DROP TABLE customer;--", "Tables", "SQL in a name"),
    ("=cmd|' /C calc'!A0", "@SUM(1+1)", "a formula for whoever opens an export in a spreadsheet"),
    ("{{7*7}}", "${7*7}{% raw %}", "a template expression for whoever mails it"),
    ("Zoë\r\nBcc: all@example.com", "Header", "a line break and a mail header"),
    ("<script>alert(1)</script>", "<b>&amp;", "HTML for the HTML mail"),
    ("Wolfeschlegel" + "steinhausen" * 17, "Maximilian-" * 18 + "zu", "200 characters in each name"),
    ("Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319a", "👩\u200d👩\u200d👧🏽",
     "stacked accents and a joined emoji"),
    ("null", "None", "words that programs mistake for nothing"),
)  # fmt: skip
"""(Given name, family name, what it tries), each of one planted customer (A11–A13)."""

_HOSTILE = tuple(
    (f"hostile-{at}", f"A11–A13: {purpose}", Person(
        1048 + at, given, family, date(1980, 1, 1 + at), address=_reno(f"{given[:60]} Street"),
        emails=_mail(f"hostile{at}@example.com"),
        sign_ins=_user(f"hostile{at}", at), notes=(f"{given} {family}",)))
    for at, (given, family, purpose) in enumerate(HOSTILE_NAMES)
)  # fmt: skip

PLANTED_PEOPLE = tuple(person for _, _, person in _CASES + _HOSTILE)
PLANTED = {key: person.number for key, _, person in _CASES + _HOSTILE}
PURPOSES = {key: purpose for key, purpose, _ in _CASES + _HOSTILE}
PLANTED_HOUSEHOLDS = ((1034, 1035), (1042, 1043))
PLANTED_DUPLICATES = ((1028, 1029), (1030, 1031), (1016, 1015))
