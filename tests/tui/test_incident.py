"""An unexpected error leaves an incident file that holds no secret, and one sentence."""

import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.app import App
from textual.worker import WorkerFailed

from tests.terminal import ROOT
from tui.incident import Incident, QuietCrash, record_incident, sentence
from tui.terminal import NoTerminal

TOKEN = "tok-5f1c9e77"


def failing_with_a_token() -> None:
    token = TOKEN
    try:
        raise KeyError(token)
    except KeyError as error:
        raise ValueError(f"bad token {token}") from error


def caught(work: Callable[[], None]) -> Exception:
    with pytest.raises(ValueError, match=TOKEN) as info:
        work()
    return info.value


def test_A14_the_file_names_types_files_and_functions_and_holds_no_token(tmp_path: Path) -> None:
    incident = record_incident(caught(failing_with_a_token), folder=tmp_path)
    assert incident.path is not None
    text = incident.path.read_text()
    assert TOKEN not in text
    assert "builtins.ValueError" in text
    assert "builtins.KeyError" in text
    assert "failing_with_a_token" in text
    assert Path(__file__).name in text


def test_A14_what_a_worker_wraps_is_told_without_its_message(tmp_path: Path) -> None:
    incident = record_incident(WorkerFailed(caught(failing_with_a_token)), folder=tmp_path)
    assert incident.path is not None
    assert "builtins.ValueError" in incident.path.read_text()
    assert TOKEN not in incident.path.read_text()


def test_members_of_a_group_are_told(tmp_path: Path) -> None:
    incident = record_incident(ExceptionGroup(TOKEN, [OSError(TOKEN)]), folder=tmp_path)
    assert incident.path is not None
    assert "builtins.OSError" in incident.path.read_text()
    assert TOKEN not in incident.path.read_text()


def test_our_own_errors_keep_their_sentence_made_safe(tmp_path: Path) -> None:
    incident = record_incident(NoTerminal("Use \x1b[1m a terminal."), folder=tmp_path)
    assert incident.path is not None
    assert "NoTerminal: Use ␛[1m a terminal." in incident.path.read_text()


def test_only_the_owner_can_read_the_file_and_its_folder(tmp_path: Path) -> None:
    incident = record_incident(ValueError(), folder=tmp_path / "incidents")
    assert incident.path is not None
    assert stat.S_IMODE(incident.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(incident.path.parent.stat().st_mode) == 0o700


def test_an_error_that_is_its_own_cause_is_told_once(tmp_path: Path) -> None:
    error = ValueError()
    error.__cause__ = error
    incident = record_incident(error, folder=tmp_path)
    assert incident.path is not None
    assert incident.path.read_text().count("ValueError") == 1


def test_without_a_folder_to_write_to_there_is_still_an_incident(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    incident = record_incident(ValueError(), folder=tmp_path / "file")
    assert incident.path is None
    assert incident.id in sentence(incident)
    assert "could not be written" in sentence(incident)


def test_the_sentence_holds_the_id_and_no_path(tmp_path: Path) -> None:
    incident = record_incident(ValueError(), folder=tmp_path)
    assert incident.id in sentence(incident)
    assert str(tmp_path) not in sentence(incident)


@pytest.mark.parametrize("hook", ["_handle_exception", "panic", "_close_messages_no_wait"])
def test_textual_still_has_the_private_hooks_that_are_overridden_or_called(hook: str) -> None:
    assert callable(getattr(App, hook))


async def test_a_crash_sets_the_exit_status_and_takes_note_of_the_first_error_only(tmp_path: Path) -> None:
    noted: list[Incident | None] = []

    class Crashing(QuietCrash[None]):
        incident_folder = tmp_path

        def on_mount(self) -> None:
            self._handle_exception(ValueError(TOKEN))
            noted.append(self.incident)
            self._handle_exception(KeyError(TOKEN))

    app = Crashing()
    with pytest.raises(ValueError, match=TOKEN):
        async with app.run_test():
            pass
    assert app.return_code == 1
    assert app.incident is not None
    assert app.incident.path is not None
    assert noted == [app.incident]


@pytest.mark.parametrize("thread", ["main", "other"])
def test_A14_errors_that_reach_the_interpreter_show_no_token(tmp_path: Path, thread: str) -> None:
    script = f"""
import threading, pathlib
from tui.incident import install_hooks
install_hooks(folder=pathlib.Path({str(tmp_path)!r}))
def work():
    token = "{TOKEN}"
    raise ValueError(token)
if "{thread}" == "main":
    work()
worker = threading.Thread(target=work)
worker.start()
worker.join()
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert TOKEN not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode == (1 if thread == "main" else 0)
    assert ["ValueError" in file.read_text() for file in tmp_path.iterdir()] == [True]
