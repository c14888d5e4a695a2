"""Collects what there is to do about all findings, and says of each who may do it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from sqlalchemy import Connection

from db.diagnosis.fix import Fix, Scene
from db.diagnosis.remedies import MAKERS
from db.operations import REGISTRY
from db.operations.forms import may, rights_of
from db.rules.cases import Cause, Finding
from db.rules.roles import RoleTable, Standing, who_may
from db.settings import role_table


def fixes_for(
    connection: Connection, findings: Collection[Finding], scene: Scene, operator_id: str
) -> tuple[Fix, ...]:
    """Return the fixes of all findings, each once, in the findings' order; then who else may be meant."""
    found: dict[tuple[object, ...], Fix] = {}
    for finding in findings:
        for fix in _of(finding, scene):
            told = fix.label if fix.operation is None else tuple(sorted(fix.values.items()))
            key = (fix.operation, fix.customer_id, fix.opens, told)
            found.setdefault(key, fix)
    for fix in _beside(findings, scene):
        found[None, None, fix.opens, fix.label] = fix
    table = role_table(scene.policy)
    fixes = [_permitted(connection, fix, operator_id, table) for fix in found.values()]
    return tuple(replace(fix, after=_after(fix, fixes)) if fix.needs else fix for fix in fixes)


def _after(fix: Fix, fixes: Iterable[Fix]) -> tuple[int, ...]:
    """The places of the fixes that must come before one."""
    return tuple(
        place
        for place, other in enumerate(fixes, 1)
        if other.operation in fix.needs and other.customer_id == fix.customer_id
    )


def _beside(findings: Iterable[Finding], scene: Scene) -> Iterator[Fix]:
    """Who else has what was typed may be the one who calls."""
    cause = next((finding.cause for finding in findings), Cause.NOTHING_FOUND)
    for other in scene.beside:
        yield Fix(label=f"Where {other.who} calls: open that one", cause=cause, opens=other.customer_id)


def _permitted(connection: Connection, fix: Fix, operator_id: str, table: RoleTable) -> Fix:
    if fix.operation is None:
        return fix
    operation = REGISTRY[fix.operation]
    rights = rights_of(operation) if fix.right is None else (fix.right,)
    standing = may(connection, operator_id, operation, rights)
    if standing is Standing.ALONE:
        return fix
    widest = max(rights, key=lambda right: len(table[right].alone))
    return replace(fix, standing=standing, who=who_may(table, widest))


def _of(finding: Finding, scene: Scene) -> Iterator[Fix]:
    """What is flagged for a takeover is left to the leads, whatever else is wrong with it (R33)."""
    account = scene.accounts.get(finding.customer_id or 0)
    make = MAKERS.get(finding.cause)
    is_frozen = account is not None and account.takeover_flag and finding.cause is not Cause.TAKEOVER_FLAG
    if make is not None and account is not None and not is_frozen:
        yield from make(finding.cause, account, scene)
