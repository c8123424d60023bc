"""The workbench of staff: sign-in, queue, case page, files, export. Closed unless opened here."""

from intake_api.staff.door import blueprint, init_app
from intake_api.staff.figures import warm

__all__ = ["blueprint", "init_app", "warm"]
