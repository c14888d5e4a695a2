"""The parameter types that operations share: what a form shows, and how long a value may be.

`extra` tells a form how to offer the field: `kind` names a list of the customer's own rows to
choose from, or how the text is meant.
"""

from datetime import date
from typing import Annotated

from msgspec import Meta

CustomerId = Annotated[
    int, Meta(title="Customer", description="Customer number.", ge=1, extra={"kind": "customer"})
]
GivenName = Annotated[str, Meta(title="Given name", min_length=1, max_length=300)]
FamilyName = Annotated[str, Meta(title="Family name", min_length=1, max_length=300)]
BirthDate = Annotated[date, Meta(title="Birth date", description="Year-month-day, like 1980-12-31.")]
Email = Annotated[str, Meta(title="Email", max_length=320, extra={"kind": "email"})]
Phone = Annotated[str, Meta(title="Phone", max_length=60, extra={"kind": "phone"})]
FirstEmail = Annotated[str, Meta(title="Email", max_length=320, extra={"kind": "first-email"})]
FirstPhone = Annotated[str, Meta(title="Phone", max_length=60, extra={"kind": "first-phone"})]
ReplacementEmail = Annotated[
    str,
    Meta(
        title="Another email",
        description="In place of the one that somebody else holds by now.",
        max_length=320,
        extra={"kind": "replacement-email"},
    ),
]
ReplacementPhone = Annotated[
    str,
    Meta(
        title="Another phone",
        description="In place of the one that somebody else holds by now.",
        max_length=60,
        extra={"kind": "replacement-phone"},
    ),
]
EmailId = Annotated[
    int,
    Meta(
        title="Email profile", description="Which of the customer's emails.", extra={"kind": "email_profile"}
    ),
]
PhoneId = Annotated[
    int,
    Meta(
        title="Phone profile", description="Which of the customer's phones.", extra={"kind": "phone_profile"}
    ),
]
SignInId = Annotated[
    int,
    Meta(
        title="Sign-in",
        description="Which of the customer's sign-ins.",
        extra={"kind": "authentication_profile"},
    ),
]
PassRow = Annotated[
    int, Meta(title="Pass", description="Which of the customer's passes.", extra={"kind": "pass"})
]
Street = Annotated[str, Meta(title="Street and number", max_length=200)]
City = Annotated[str, Meta(title="City", max_length=100)]
State = Annotated[str, Meta(title="State", max_length=100)]
Postcode = Annotated[str, Meta(title="Postcode", max_length=20)]
Country = Annotated[str, Meta(title="Country", description="Two letters, like US.", pattern="^[A-Za-z]{2}$")]
