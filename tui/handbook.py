"""The words of the product and its procedures, as the help shows them."""

from typing import Final

WORDS: Final[tuple[tuple[str, str], ...]] = (
    ("profile", "An email, a phone or a sign-in of a customer. One email and one phone are primary."),
    ("sign-in", "A username with a password that no operator ever sees, chooses or sets."),
    (
        "placeholder",
        "A sign-in whose password nobody knows: a reset or activation link has to be used first.",
    ),
    (
        "reset link",
        "Lets an active customer choose a new password. Made at delivery, so no one can read it here.",
    ),
    ("activation link", "The same for an inactive customer, and makes the account active."),
    (
        "cool-down",
        "A new address waits before links may go to it, so that a thief gains nothing by changing it.",
    ),
    (
        "holds",
        "An active or inactive customer holds an email or phone; suspended and merged ones hold nothing.",
    ),
    ("shared email", "An email that two customers hold. Sign-in by it cannot choose between them."),
    ("merged", "A duplicate that was folded into another customer, who survives with its own number."),
    (
        "score",
        "How likely two customers are one person, in bits of evidence; each field adds or takes away, a rare"
        " name more than a common one. Two people at one address are told apart by rules.",
    ),
    ("interaction", "One call, chat or mail, with what was done in it."),
    ("event", "One line of the audit log: who did what, why, before and after. Chained, so a change shows."),
    ("takeover", "Somebody else may be using the account: only the leads' queue may go on."),
    ("undo", "The opposite operation with its own reason and event; nothing is ever erased from the log."),
)

PROCEDURES: Final[tuple[tuple[str, str], ...]] = (
    (
        "P1 · The customer is told to call us",
        "Type what the customer typed, letter by letter, then ctrl+d; on a customer, d. Diagnose names the"
        " case and offers the fixes: ⏎ does the selected one, and the case is judged again. Two customers"
        " with one email: correct the email of the one who holds it wrongly, or make it the username of the"
        " other. No email or phone: add one, then send a link. Suspended: reactivate. Merged: open the"
        " survivor. Locked: unlock the sign-in.",
    ),
    (
        "P2 · Prove who is calling",
        "Ask for the full name and at least two more items; compare, never read a value out. Only then"
        " disclose or change anything.",
    ),
    (
        "P3 · The one-time code never arrives",
        "Look at the email for a typing error and correct it (e). Open the latest message (⏎): its delivery"
        " history has the server's own words. Not arrived at all: escalate to a team lead.",
    ),
    (
        "P4 · Never enrol the same customer twice",
        "Search by email and phone before adding. While duplicate detection is on, another customer who holds"
        " the same value blocks the save: nothing is lost, and o opens the holder. Who may be the same person"
        " stands beside the form (ctrl+l) and on the customer's screen; g, Duplicates, has those of all.",
    ),
    (
        "P5 · I can't get in",
        "Other browser, private window, other device. Then the account's status: active gets a reset link,"
        " inactive an activation link (r chooses). Ask for the mail to be forwarded, and inspect it"
        " (g): it says whose it is, and what became of its link.",
    ),
)
