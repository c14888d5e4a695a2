"""The practice population of the sandbox: made-up customers, and the situations that support meets, planted.

Nobody in here exists. Addresses are on example domains (RFC 2606), except where the typo table needs a
well-known one; telephone numbers come from the ranges kept for fiction (US and Canada 555-0100 to 555-0199,
London 020 7946 0000 to 0999).
"""
