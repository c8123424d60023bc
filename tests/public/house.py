"""The application around the public door, without trained models: quick, and alike every run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from intake_api.app import create_app
from intake_api.domain.model import Classification, Place, Scored
from intake_api.flow.services import BotReply, Services
from intake_api.runtime import Runtime
from tests import builders


class PlainClassifier:
    """Understands three words, which is all these tests need."""

    def classify(self, text: str, *, channel: str | None = None) -> Classification:
        danger = "bạo hành" in text
        sealed = danger or "nhận tiền" in text
        kind = "child_protection" if danger else "denunciation" if sealed else "criticism"
        topic = "b.bao_luc_hoc_duong" if danger else "dd.khoan_thu"
        return Classification(
            kind=kind, kind_confidence=0.9, topic=topic, topics=(Scored(topic, 0.9),),
            sentiment="negative", urgent=danger, confidential=sealed, toxic=False, danger=danger,
            pii=(), place=Place(), confidence=0.9, reasons=("thử",), model_version="thử",
        )  # fmt: skip


def answer(text: str) -> list[BotReply]:
    """A scripted assistant with sources and quick replies."""
    if "gặp cán bộ" in text or text == "/talk_to_person":
        return [BotReply("Trợ lý đã chuyển lời nhắn tới Văn phòng Sở.")]
    return [
        BotReply(
            "Thi tốt nghiệp THPT năm 2025 gồm 4 môn.\nToán, Ngữ văn và hai môn tự chọn.\n"
            "Xem thêm tại https://example.edu.vn/quy-che.",
            buttons=(
                {"title": "Xem thêm", "payload": "/more"},
                {"title": "Lịch thi", "payload": '/faq{"slug":"lich_thi"}'},
            ),
            custom={
                "source": "Nguồn: Điều 3, Thông tư 24/2024/TT-BGDĐT",
                "validity": "Áp dụng đến 31/12/2026",
            },
        )
    ]


def make_app(
    folder: Path,
    *,
    clock: builders.MovingClock | None = None,
    assistant: Any = None,
    knowledge: Any = lambda: None,
    settings: dict[str, Any] | None = None,
) -> Any:
    """The whole application on a migrated SQLite store in ``folder``."""
    store = builders.make_store(folder)
    clock = clock or builders.MovingClock()
    services = Services(
        store=store,
        catalog=builders.the_catalog(),
        classifier=PlainClassifier(),  # type: ignore[arg-type]
        knowledge=knowledge,
        assistant=assistant or builders.ScriptedAssistant(answer=answer),
        queue=builders.ListQueue(),
        pin_key=b"test",
        now=clock.now,
    )
    made = builders.make_settings(database_url=store.url, **(settings or {}))
    return create_app(Runtime(made, store, clock, services))  # type: ignore[arg-type]
