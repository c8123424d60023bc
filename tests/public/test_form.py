from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from intake_api.store import StoreUnavailable
from intake_api.store.tables import Attachment, Case, Contact
from tests import builders
from tests.flow.samples import docx, jpeg_with_place
from tests.public.lint import Reader, check, words

TEXT = "Trường THCS Trần Phú thu quỹ lớp 500.000 đồng không có phiếu thu."


def fill(reader: Reader, **changes: Any) -> dict[str, Any]:
    typed = {"noi_dung": TEXT, "truong": "THCS Trần Phú", "ten": "Nguyễn Văn A",
             "dien_thoai": "0912 345 678", "dong_y": "1"}  # fmt: skip
    return {**reader.fields("/gop-y"), **typed, **changes}


def send(reader: Reader, data: dict[str, Any]) -> Any:
    return reader.client.post("/gop-y", data=data, content_type="multipart/form-data")


def kept(app: Any, table: Any) -> list[Any]:
    with app.extensions["langnghe"].store.reading() as tx:
        return list(tx.scalars(sa.select(table)).all())


def receipt(reader: Reader) -> str:
    return words(reader.get("/gop-y/da-nhan"))


def test_a_form_becomes_a_case_and_a_receipt(app: Any, reader: Reader) -> None:
    answer = send(reader, fill(reader, vai_tro="phu_huynh"))
    assert answer.status_code == 303
    assert answer.location == "/gop-y/da-nhan"
    (case,) = kept(app, Case)
    assert (case.text, case.role_of_sender, case.channel) == (TEXT, "phu_huynh", "form")
    said = receipt(reader)
    assert case.code in said
    assert "Các khoản thu" in said
    assert "trước 17h00" in said
    assert "0912" not in said
    # The chat cannot prove whose case it is: the status page does everything (flow.rights).
    assert "bổ sung thông tin, rút ý kiến" in said
    assert "nhắn mã" not in said


def test_the_receipt_survives_a_reload_and_ends_when_asked(reader: Reader) -> None:
    send(reader, fill(reader))
    assert "PIN" in receipt(reader)
    assert "PIN" in receipt(reader)
    token = reader.fields("/gop-y/da-nhan")["csrf_token"]
    reader.client.post("/gop-y/xong", data={"csrf_token": token})
    assert reader.client.get("/gop-y/da-nhan").location == "/tra-cuu"


def test_the_receipt_is_gone_after_half_an_hour(
    reader: Reader, clock: builders.MovingClock
) -> None:
    send(reader, fill(reader))
    clock.at += timedelta(minutes=31)
    assert reader.client.get("/gop-y/da-nhan").location.startswith("/tra-cuu?ma=PA-")


def test_sending_twice_keeps_one_case_and_the_pin_stays_on_the_receipt(
    app: Any, reader: Reader
) -> None:
    data = fill(reader)
    send(reader, data)
    first = receipt(reader)
    assert send(reader, data).status_code == 303
    assert len(kept(app, Case)) == 1
    assert receipt(reader) == first


def test_going_back_and_writing_something_else_is_a_second_case(app: Any, reader: Reader) -> None:
    data = fill(reader)
    send(reader, data)
    send(reader, {**data, "noi_dung": "Việc khác hẳn ở trường."})
    assert len(kept(app, Case)) == 2


def test_whoever_does_not_want_to_be_named_leaves_no_name(app: Any, reader: Reader) -> None:
    send(reader, fill(reader, an_danh="1"))
    assert kept(app, Contact) == []
    assert kept(app, Case)[0].anonymous is True


def test_errors_keep_what_was_typed_and_point_to_the_fields(app: Any, reader: Reader) -> None:
    answer = send(reader, fill(reader, dien_thoai="12", dong_y="", truong='<b>"Phú"'))
    assert answer.status_code == 422
    page = check(answer.text)
    links = [one.get("href") for one in page.findall(".//div[@id='loi']//a")]
    assert links == ["#dien_thoai", "#dong_y"]
    assert page.find(".//textarea").text.strip() == TEXT  # type: ignore[union-attr]
    assert page.find(".//input[@id='truong']").get("value") == '<b>"Phú"'  # type: ignore[union-attr]
    assert page.find(".//input[@id='dien_thoai']").get("value") == "12"  # type: ignore[union-attr]
    assert kept(app, Case) == []


def test_files_are_kept_as_they_came_with_a_clean_copy(app: Any, reader: Reader) -> None:
    photo = jpeg_with_place()
    files = [(io.BytesIO(photo), "Ảnh phiếu thu.jpg"), (io.BytesIO(docx()), "đơn.docx")]
    assert send(reader, fill(reader, tep=files)).status_code == 303
    stored = sa.select(Attachment.filename, Attachment.original, Attachment.shown)
    with app.extensions["langnghe"].store.reading() as tx:
        one, two = tx.execute(stored.order_by(Attachment.id)).all()
    assert one.original == photo
    assert b"Exif" not in one.shown
    assert (one.filename, two.filename) == ("Ảnh phiếu thu.jpg", "đơn.docx")
    assert "2 tệp" in receipt(reader)


def test_a_refused_file_is_named_and_files_are_said_to_be_lost(reader: Reader) -> None:
    files = [(io.BytesIO(b"MZ\x90\x00 program"), "đơn.pdf")]
    answer = send(reader, fill(reader, tep=files))
    assert answer.status_code == 422
    said = words(check(answer.text))
    assert "“đơn.pdf”: Nội dung tệp không phải PDF, DOCX, JPG hay PNG." in said
    assert "xin chọn lại" in said


def test_six_files_are_too_many(reader: Reader) -> None:
    files = [(io.BytesIO(docx()), f"{n}.docx") for n in range(6)]
    answer = send(reader, fill(reader, tep=files))
    assert "tối đa 5 tệp" in words(check(answer.text))


def test_a_sealed_matter_has_a_general_receipt_and_the_legal_notice(
    app: Any, reader: Reader
) -> None:
    send(reader, fill(reader, noi_dung="Hiệu trưởng nhận tiền chạy lớp."))
    said = receipt(reader)
    case = kept(app, Case)[0]
    assert case.confidential
    assert "Luật Tố cáo 2018" in said
    assert "Hiệu trưởng" not in said
    assert "tố cáo" not in said.split("Việc tiếp theo")[0].split("Tin nhắn ở đây")[0]
    assert app.extensions["langnghe"].services.catalog.units[case.unit].name not in said


def test_danger_puts_the_numbers_first_on_the_receipt(reader: Reader) -> None:
    send(reader, fill(reader, noi_dung="Con tôi bị bạo hành ở lớp"))
    said = words(reader.get("/gop-y/da-nhan").find(".//main"))  # type: ignore[arg-type]
    assert said.index("111") < said.index("Sở đã nhận ý kiến")


def test_when_nothing_can_be_written_the_words_stay_on_the_page(
    app: Any, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = fill(reader)

    def full() -> Any:
        raise StoreUnavailable("database or disk is full")

    monkeypatch.setattr(app.extensions["langnghe"].store, "transaction", full)
    answer = send(reader, data)
    assert answer.status_code == 503
    page = check(answer.text)
    assert page.find(".//textarea").text.strip() == TEXT  # type: ignore[union-attr]
    assert "CHƯA được gửi" in words(page)


def test_a_form_that_stood_open_too_long_loses_nothing(app: Any, reader: Reader) -> None:
    answer = send(reader, fill(reader, csrf_token="cũ"))
    assert answer.status_code == 400
    page = check(answer.text)
    assert page.find(".//textarea").text.strip() == TEXT  # type: ignore[union-attr]
    assert kept(app, Case) == []


def test_without_a_receipt_the_way_leads_to_the_status_page(reader: Reader) -> None:
    assert reader.client.get("/gop-y/da-nhan").location == "/tra-cuu"
