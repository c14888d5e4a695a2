"""The version of the program, as audit events record it."""

from importlib.metadata import PackageNotFoundError, version


def _installed_version() -> str:
    try:
        return version("latchkey")
    except PackageNotFoundError:
        return "0.0.0"


APP_VERSION = _installed_version()
