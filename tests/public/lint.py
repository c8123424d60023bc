"""A client that reads every page strictly: parse, language, headings, labels, ids, CSRF."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

import html5lib

UNLABELLED = {"hidden", "submit", "button", "reset"}


def parse(text: str) -> Element:
    """The page as a tree. Raises html5lib's ParseError on anything that is not valid HTML."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree: Element = parser.parse(text)
    return tree


def words(element: Element) -> str:
    return " ".join(" ".join(element.itertext()).split())


def check(text: str) -> Element:
    """Asserts what every page owes its readers; returns its tree."""
    page = parse(text)
    assert page.get("lang") == "vi"
    title = page.find(".//title")
    assert title is not None and words(title)
    assert len(page.findall(".//h1")) == 1
    ids = [one.get("id") for one in page.iter() if one.get("id")]
    assert len(ids) == len(set(ids)), sorted({i for i in ids if ids.count(i) > 1})
    labelled = {one.get("for") for one in page.findall(".//label")}
    for tag in ("input", "select", "textarea"):
        for field in page.findall(f".//{tag}"):
            if field.get("type") not in UNLABELLED:
                assert field.get("id") in labelled or field.get("aria-label"), field.attrib
    for form in page.findall(".//form"):
        if (form.get("method") or "get").lower() == "post":
            names = {one.get("name") for one in form.findall(".//input")}
            assert "csrf_token" in names
    for one in page.iter():
        for name, value in one.attrib.items():
            assert not str(name).startswith("on"), "no inline handlers"
            if name == "aria-describedby":
                assert set(value.split()) <= set(ids), value
        assert "style" not in one.attrib, "no inline styles"
        if one.tag == "script":
            assert one.get("src"), "no inline scripts"
        if one.tag == "a":
            href = one.get("href") or ""
            assert href.startswith(("/", "#", "tel:", "https:")), href
            if href.startswith("#"):
                assert href[1:] in ids, href
    return page


class Reader:
    """A browser of sorts: keeps cookies, sends the CSRF token of the form it reads."""

    def __init__(self, app: Any) -> None:
        self.client = app.test_client()
        self._token: str | None = None

    def get(self, path: str, status: int = 200) -> Element:
        answer = self.client.get(path)
        assert answer.status_code == status, answer.status
        return check(answer.text)

    def fields(self, path: str) -> dict[str, str]:
        """What the hidden fields of the form on ``path`` carry."""
        page = self.get(path)
        return {
            one.get("name", ""): one.get("value", "")
            for one in page.findall(".//form//input")
            if one.get("type") == "hidden"
        }

    def token(self) -> str:
        """The conversation's name, as the page hands it to its script."""
        if self._token is None:
            found = self.get("/tro-chuyen").find(".//*[@id='hop-thoai']")
            assert found is not None
            self._token = found.get("data-token", "")
        return self._token

    def say(self, body: Any) -> Any:
        return self.client.post(
            "/tro-chuyen/tin", json=body, headers={"X-Langnghe-Chat": self.token()}
        )

    def read(self, after: int | str = 0, accept: str = "application/json") -> Any:
        return self.client.get(
            f"/tro-chuyen/tin?after={after}",
            headers={"X-Langnghe-Chat": self.token(), "Accept": accept},
        )
