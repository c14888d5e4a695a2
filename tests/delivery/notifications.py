"""Delivery-status notifications as mail servers write them (RFC 3464)."""

_REPORT = """\
From: MAILER-DAEMON@mail.example.net
To: support@example.com
Subject: Undelivered Mail Returned to Sender
Message-ID: <20260302140000.4F1@mail.example.net>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=B"

--=B
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--=B
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.net
{also}
Final-Recipient: rfc822; joan@example.org
Original-Recipient: rfc822;joan@example.org
Action: {action}
Status: {status}
Remote-MTA: dns; mx.example.org
Diagnostic-Code: {diagnostic}

--=B
Content-Type: {returned}

From: Customer Support <support@example.com>
To: joan@example.org
Subject: {subject}
Message-ID: <{key}@example.com>

--=B--
"""
_RETURNED = {"whole": "message/rfc822", "headers": "text/rfc822-headers"}


def notification(
    key: str,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    diagnostic: str = "smtp; 550 5.1.1 <joan@example.org>: No such user here",
    subject: str = "Reset your password [LK-7F3K-2M9Q]",
    returned: str = "whole",
    also: str = "",
) -> bytes:
    """Return a notification about the mail of a key."""
    text = _REPORT.format(
        also=f"\n{also}\n" if also else "",
        action=action,
        status=status,
        diagnostic=diagnostic,
        subject=subject,
        returned=_RETURNED[returned],
        key=key,
    )
    return text.encode("utf-8", "surrogateescape")
