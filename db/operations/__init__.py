"""The registry of operations: everything that can change the database, by name."""

from db.operation import Operation
from db.operations import add_customer, change_dedup_mode, change_email

_MODULES = (add_customer, change_dedup_mode, change_email)

REGISTRY: dict[str, Operation] = {module.OPERATION.name: module.OPERATION for module in _MODULES}
