"""What migrations do with rows that are there already."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from intake_api.store import Store, migrate
from intake_api.store.notice_tables import Notice
from tests.builders import NOW, make_staff, make_store


def test_notices_of_no_case_go_with_the_columns_that_hold_them(tmp_path: Path) -> None:
    store: Store = make_store(tmp_path)
    staff = make_staff(store)
    with store.transaction() as tx:
        tx.add(
            Notice(staff_id=staff.id, kind="report", words="Báo cáo đến hạn", path="/can-bo/",
                   at=NOW, mail="none", once="r")
        )  # fmt: skip
    migrate.downgrade(store, "0017")
    with store.engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM notice")).scalar_one() == 0
        columns = {one["name"] for one in sa.inspect(connection).get_columns("notice")}
    assert {"words", "path"} & columns == set()
    migrate.upgrade(store)
    assert migrate.differences(store) == []
