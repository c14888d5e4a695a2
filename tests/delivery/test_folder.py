"""The practice mailbox: written for its owner alone, read back newest first, whatever lies beside."""

from datetime import timedelta
from pathlib import Path

from db.delivery.folder import FolderTransport, read_mailbox
from db.delivery.rendering import render
from db.delivery.transports import Outcome
from db.models import MessageKind
from tests.delivery.builders import HOST, SECRET, parcel
from tests.factories import BORN


def put(folder: Path, **given) -> None:
    receipt = FolderTransport(folder).send(render(parcel(**given), secret=SECRET, host=HOST))
    assert receipt.outcome is Outcome.SENT


def test_a_mail_is_read_back_as_its_recipient_sees_it(tmp_path: Path) -> None:
    put(tmp_path / "mailbox")
    (mail,) = read_mailbox(tmp_path / "mailbox")
    assert mail.subject == "Reset your password [LK-7F3K-2M9Q]"
    assert mail.to == "joan@example.org"
    assert mail.date == BORN
    assert mail.links == (f"{HOST}/reset/{SECRET}",)
    assert mail.reference == "LK-7F3K-2M9Q"
    assert mail.text.startswith("Hello Joan,\n")


def test_R54_mails_are_their_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "mailbox"
    put(folder)
    (path,) = folder.iterdir()
    assert (folder.stat().st_mode & 0o777, path.stat().st_mode & 0o777) == (0o700, 0o600)


def test_the_newest_mail_comes_first(tmp_path: Path) -> None:
    put(tmp_path, idempotency_key="b", taken_at=BORN + timedelta(minutes=1), kind=MessageKind.ACTIVATION)
    put(tmp_path, idempotency_key="a")
    assert [mail.subject.split(" [")[0] for mail in read_mailbox(tmp_path)] == [
        "Activate your account",
        "Reset your password",
    ]


def test_an_attempt_repeated_is_the_same_mail(tmp_path: Path) -> None:
    put(tmp_path)
    put(tmp_path)
    assert len(read_mailbox(tmp_path)) == 1


def test_what_is_no_mail_is_passed_over(tmp_path: Path) -> None:
    put(tmp_path)
    (tmp_path / "noise.eml").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "bad.eml").write_bytes(
        b"From: a\nTo: b\nDate: never\nContent-Type: text/plain; charset=x\n\n\xff"
    )
    (tmp_path / "empty.eml").touch()
    (tmp_path / "folder.eml").mkdir()
    (tmp_path / "loop.eml").symlink_to(tmp_path / "loop.eml")
    (tmp_path / "other.txt").write_text("From: x")
    assert "LK-7F3K-2M9Q" in [mail.reference for mail in read_mailbox(tmp_path)]


def test_a_folder_that_is_not_there_holds_no_mail(tmp_path: Path) -> None:
    assert read_mailbox(tmp_path / "none") == ()


def test_a_folder_that_cannot_be_written_is_a_deferral(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    receipt = FolderTransport(tmp_path / "file").send(render(parcel(), secret=SECRET, host=HOST))
    assert receipt.outcome is Outcome.DEFERRED
