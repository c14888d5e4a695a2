"""The screens of the documentation, and what is said beside their pictures."""

from dataclasses import dataclass

from docs import walks


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One screen: its file name, its heading, what to look at, who looks, and the way there.

    After a crash the picture is of the terminal that is given back.
    """

    name: str
    title: str
    text: str
    steps: walks.Steps
    role: str = "lead"
    in_each_theme: bool = False
    sizes: tuple[tuple[int, int], ...] = ((80, 24), (120, 40))
    is_read_only: bool = False
    is_crash: bool = False


SCENES: tuple[Scene, ...] = (
    Scene(
        name="home", title="Home", text="The search box, with what can be typed into it.", steps=walks.nothing
    ),
    Scene(
        name="search",
        title="Search",
        text="Customers appear while one types. Each row says why it is there; a wide window shows the"
        " selected one beside the list. At the end of the list ↓ reads on.",
        steps=walks.search,
    ),
    Scene(
        name="nobody",
        title="Nobody found",
        text="An empty list says why it is empty, and what to do next.",
        steps=walks.pressed(*"qqqqzz", until="to add a customer"),
    ),
    Scene(
        name="customer",
        title="Customer",
        text="Everything on one customer. 1–0 go to a section, space folds it, the arrows walk through"
        " all rows.",
        steps=walks.opened(1042, until="Email"),
        in_each_theme=True,
    ),
    Scene(
        name="folded",
        title="Customer, folded",
        text="What is folded stays so for the next customers.",
        steps=walks.folded,
    ),
    Scene(
        name="diagnosis",
        title="Diagnose",
        text="`d` on a customer, or ctrl+d on what was typed: the case of P1, what it rests on, and the fixes"
        " with who may. Each opens its form filled in; afterwards the case is judged again, in place.",
        steps=walks.diagnosis,
        in_each_theme=True,
    ),
    Scene(
        name="diagnosis-support",
        title="Diagnose, as support",
        text="What the operator may not do says who may.",
        steps=walks.diagnosis,
        role="support",
    ),
    Scene(
        name="claim",
        title="Diagnose a claim",
        text="A customer who filled in the form to claim an account typed no identifier: the same form here.",
        steps=walks.claim,
    ),
    Scene(
        name="inspection",
        title="Inspect a forwarded mail",
        text="Whether a pasted mail is ours, which link it had, and what became of it.",
        steps=walks.inspection,
    ),
    Scene(
        name="edit",
        title="What can be done to a row",
        text="`e` offers what fits the selected row, with its form on the command line; what the role forbids"
        " says who may.",
        steps=walks.opened(1042, "e", until="latchkey do"),
        role="support",
    ),
    Scene(
        name="change-email",
        title="A change",
        text="The form, and exactly what it will change, while one types.",
        steps=walks.change,
        in_each_theme=True,
    ),
    Scene(
        name="clash",
        title="A clash",
        text="Nothing was saved, the form keeps what was typed; one key opens the holder, one merges both.",
        steps=walks.clash,
    ),
    Scene(
        name="merge",
        title="Merge",
        text="`m` on a customer, or `M` for those that `m` marked in a search: what differs stands first, one"
        " key a choice. Below, the merge itself, tried and rolled back: what moves, what ends, what no longer"
        " signs in and what does. Nothing is deleted, and `u` takes it back at any time.",
        steps=walks.merge(1028, 1029),
        in_each_theme=True,
    ),
    Scene(
        name="merge-household",
        title="Merge, a household",
        text="What stands in the way, or makes one doubt, says which key resolves it; `w` says how far the"
        " two agree, field by field, `.` keeps that they are two people.",
        steps=walks.merge(1042, 1043, "w"),
    ),
    Scene(
        name="merge-with",
        title="Merge with whom",
        text="Whoever looks like the same person is proposed, with why; anybody else is found by number,"
        " name, email or phone.",
        steps=walks.opened(1028, "m", until="C-1029"),
    ),
    Scene(
        name="merged",
        title="Merged",
        text="A merged customer says into whom, when and by whom; `o` opens the survivor, `u` takes it back.",
        steps=walks.merged(1028, 1029),
    ),
    Scene(
        name="message",
        title="A message",
        text="Enter on a message: where it went, what its link is worth, and each try with the server's own"
        " words.",
        steps=walks.message,
    ),
    Scene(
        name="interaction",
        title="An interaction",
        text="`i` starts a call, chat or mail, or shows the open one; it stands in the first line, and what"
        " is done then is recorded with it.",
        steps=walks.interaction,
    ),
    Scene(
        name="walk",
        title="A playbook",
        text="`p` walks a procedure: what is said, asked, found out by itself, done and decided. Another"
        " operator sees it on the customer.",
        steps=walks.walk,
    ),
    Scene(
        name="palette",
        title="Commands",
        text="`:` or ctrl+p finds any operation or command by its name.",
        steps=walks.palette,
    ),
    Scene(
        name="recent",
        title="Recent customers",
        text="ctrl+r lists who was open in this session; alt+← and alt+→ go back and forward.",
        steps=walks.recent,
    ),
    Scene(
        name="audit",
        title="Audit log",
        text="Newest first, with filters; the selected event stands below, or beside in a wide window.",
        steps=walks.went("history", until="sign-in"),
    ),
    Scene(
        name="event",
        title="An event",
        text="Enter on an event: who, what, why, before and after, and whether it fits its neighbours in the"
        " chain.",
        steps=walks.event,
    ),
    Scene(
        name="export",
        title="Export",
        text="`w` writes what fits the filters into a file; that is an event itself.",
        steps=walks.went("history", "sign-in", "w", then="leave"),
        role="auditor",
    ),
    Scene(
        name="help",
        title="Help",
        text="`?` or F1: the keys of the place one is in, the words, the procedures; typing searches.",
        steps=walks.opened(1042, "question_mark", until="Keys here"),
    ),
    Scene(
        name="theme",
        title="Themes",
        text="Dark, light, high contrast, or the 16 colours of the terminal; kept for the person, not the"
        " database.",
        steps=walks.went("theme", until="High contrast"),
    ),
    Scene(
        name="mailbox",
        title="Practice mailbox",
        text="The mails that the sandbox has sent; none of them left this machine.",
        steps=walks.went("mailbox", until="subject"),
    ),
    Scene(
        name="portal",
        title="The customer's own sign-in",
        text="For practice: what the customer sees, on the real sign-in module. ctrl+o shows the mailbox with"
        " codes and links, and esc comes back; `o` on a mail opens its link here.",
        steps=walks.portal(until="Claim an account"),
        in_each_theme=True,
    ),
    Scene(
        name="portal-claim",
        title="Claiming an account",
        text="The answer never says whether there is one.",
        steps=walks.portal("down", "down", "enter", until="Family name"),
    ),
    Scene(
        name="operators",
        title="Operators",
        text="Who works here, and as what.",
        steps=walks.went("operators", until="Operators"),
        role="admin",
    ),
    Scene(
        name="settings",
        title="Settings and limits",
        text="Every setting with its bounds.",
        steps=walks.went("settings", until="Settings"),
        role="admin",
    ),
    Scene(
        name="outbox",
        title="Outbox",
        text="What waits, what failed, and why.",
        steps=walks.went("outbox", until="Outbox"),
        role="admin",
    ),
    Scene(
        name="duplicates",
        title="Duplicates",
        text="Pairs that may be one person, the surest first, side by side with what each field says. `m`"
        " merges, `.` says two people, `,` puts off, `u` takes it back; `n` scans the base.",
        steps=walks.duplicates,
        in_each_theme=True,
    ),
    Scene(
        name="duplicates-bulk",
        title="Judging equal ones in bulk",
        text="What would become of each group, tried and rolled back; one that cannot be merged stays in the"
        " queue with its reason.",
        steps=walks.bulk,
    ),
    Scene(
        name="add-customer-alike",
        title="Adding somebody who may be there already",
        text="Who may be the same person is looked for while one types, with the score and why; ctrl+l goes"
        " there, and `o` opens one.",
        steps=walks.lookalikes,
    ),
    Scene(
        name="dedup",
        title="Duplicate detection",
        text="A mode is tried on before it is in force: how many would collide, and who. `m` merges a group;"
        " once the mode is in force its pairs are in the queue of duplicates.",
        steps=walks.dedup,
        role="admin",
    ),
    Scene(
        name="roles",
        title="Role table",
        text="Who may what, alone or by request; an edited row is marked.",
        steps=walks.went("roles", until="alone"),
        role="admin",
    ),
    Scene(
        name="playbooks",
        title="Playbooks",
        text="The procedures with their sources; an admin changes them or adds one, without code.",
        steps=walks.went("playbook-list", until="told-to-call"),
        role="admin",
    ),
    Scene(
        name="typos",
        title="Typo table",
        text="What support may correct in an email alone: each rule with its lines, and an address to try.",
        steps=walks.typos,
        role="admin",
    ),
    Scene(
        name="templates",
        title="Mail templates",
        text="What customers get, filled with made-up values.",
        steps=walks.went("templates", until="subject"),
        role="admin",
    ),
    Scene(
        name="read-only",
        title="Looking only",
        text="The badges say it in words: production, read-only. What changes something says why it cannot.",
        steps=walks.opened(1042, "n", until="read-only"),
        is_read_only=True,
    ),
    Scene(
        name="away",
        title="The database is away",
        text="A banner on every screen, until it answers; what was typed stays.",
        steps=walks.away,
    ),
    Scene(
        name="locked",
        title="Locked",
        text="After five minutes without a key nothing of a customer is left on the screen.",
        steps=walks.locked,
    ),
    Scene(
        name="too-small",
        title="Too small a window",
        text="One sentence; what was typed waits underneath.",
        steps=walks.nothing,
        sizes=((44, 12),),
    ),
    Scene(
        name="crash",
        title="An unexpected error",
        text="The terminal is given back with one sentence: an incident number, and no data of anybody.",
        steps=walks.crash,
        sizes=((80, 24),),
        is_crash=True,
    ),
)
