// The workbench: keys, unsent words kept on this machine, one click one sending, fresh conversation.
// Everything works without this file; it only saves steps.

import { all, one, store, tab } from "./staff-parts.js";
import { here, openBulk, pick, queue, step } from "./staff-queue.js";

const KEEP = "ln:draft:";
const forgetDrafts = (end = "") => [store, tab].forEach((place) =>
  place.names().filter((n) => n.startsWith(KEEP) && n.endsWith(end)).forEach(place.drop));

document.documentElement.classList.add("st-on");
one("[data-autofocus]")?.focus();
// On a phone the row of rooms scrolls: the one that is open is shown.
const room = one(".st-rooms [aria-current]");
if (room) room.closest("ul").scrollLeft = room.offsetLeft - 24;

// ---------------------------------------------------------------- unsent words
// What was sent is forgotten; the notice that says so names the code.
for (const note of all("[data-sent]")) {
  const code = note.textContent.match(/PA-\d{4}-\w{4}-\w{4}/)?.[0];
  if (code) forgetDrafts(code);
}
// Somebody else may use this computer next.
for (const form of all("[data-forget-drafts]")) {
  form.addEventListener("submit", () => forgetDrafts());
}
const unsaved = (area) => `${KEEP}unsaved:${area.dataset.keep}`;
const placeOf = (area) => (area.dataset.keepIn === "tab" ? tab : store);
for (const area of all("[data-keep]")) {
  const name = KEEP + area.dataset.keep;
  const place = placeOf(area);
  const given = area.value;
  const kept = place.get(name);
  if (kept && kept !== given) {
    const note = document.createElement("p");
    note.className = "st-kept";
    note.setAttribute("role", "status");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ln-btn ln-btn--quiet ln-btn--small";
    const swap = () => {
      area.value = area.value === kept ? given : kept;
      area.dispatchEvent(new Event("input"));
      label();
    };
    const label = () => {
      const back = area.value === kept;
      note.firstChild.data = back ? "Đã khôi phục chữ chưa gửi. " : "Có chữ chưa gửi từ lần trước. ";
      button.textContent = back ? "Bỏ" : "Khôi phục";
    };
    note.append(document.createTextNode(""), button);
    button.addEventListener("click", swap);
    area.after(note);
    // What the server could not keep is newer than what it has of these words.
    const newer = "own" in area.dataset && place.get(unsaved(area));
    if (!given.trim() || newer) area.value = kept;
    label();
  }
  area.addEventListener("input", () => (area.value.trim() ? place.set(name, area.value) : place.drop(name)));
}
for (const area of all("[data-count]")) {
  const count = document.getElementById(`${area.id}-count`);
  const limit = Number(area.dataset.count);
  const show = () => {
    const left = limit - area.value.length;
    count.textContent = left >= 0
      ? `Còn ${left.toLocaleString("vi-VN")} ký tự.` : `Quá ${(-left).toLocaleString("vi-VN")} ký tự.`;
    count.classList.toggle("ln-count--over", left < 0);
  };
  if (count) { area.addEventListener("input", show); show(); }
}

// What is typed is kept on the server as well, so that another computer has it too.
const csrf = () => one('input[name="csrf_token"]')?.value ?? "";
for (const area of all("[data-save]")) {
  const note = document.getElementById(`${area.id}-saved`);
  let timer = 0;
  let last = area.defaultValue;
  const save = async () => {
    // What is on its way to the sender is no draft any more.
    if (area.value === last || area.form?.dataset.sent) return;
    const text = area.value;
    try {
      const answer = await fetch(area.dataset.save, {
        method: "POST", redirect: "error", keepalive: true, headers: { "X-CSRFToken": csrf() },
        body: new URLSearchParams({ text }),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      last = text;
      placeOf(area).drop(unsaved(area));
      note.textContent = text.trim() ? "Đã lưu nháp." : "";
    } catch {
      if (area.form?.dataset.sent) return;
      placeOf(area).set(unsaved(area), "1");
      note.textContent = "Chưa lưu được lên máy chủ; chữ vẫn được giữ trên máy này.";
    }
  };
  area.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(save, 1200); });
  addEventListener("pagehide", save);
  if (area.value !== last) timer = setTimeout(save, 1200);
}
// ---------------------------------------------------------------- names in notes
function offerNames(area) {
  const form = area.form;
  const people = JSON.parse(form.dataset.people || "[]");
  const found = area.value.slice(0, area.selectionStart).match(/(?:^|\s)@([\p{L}\d._-]*)$/u);
  one(".st-names", form)?.remove();
  if (!found || !people.length) return;
  const bare = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();
  const like = people.filter(([login, name]) => bare(`${login} ${name}`).includes(bare(found[1]))).slice(0, 6);
  if (!like.length) return;
  const list = document.createElement("ul");
  list.className = "st-names";
  list.setAttribute("aria-label", "Chọn người để nhắc");
  for (const [login, name] of like) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = `${name} (@${login})`;
    button.addEventListener("click", () => {
      const at = area.selectionStart;
      area.setRangeText(`@${login} `, at - found[1].length - 1, at, "end");
      list.remove();
      area.focus();
    });
    item.append(button);
    list.append(item);
  }
  area.after(list);
}
addEventListener("input", (event) => { if (event.target.name === "note" && event.target.form) offerNames(event.target); });
addEventListener("keydown", (event) => {
  const list = event.target.form && one(".st-names", event.target.form);
  if (!list) return;
  if (event.key === "ArrowDown" || (event.key === "Enter" && event.target.name === "note")) { event.preventDefault(); one("button", list).focus(); }
  if (event.key === "Escape") list.remove();
});
// A part that could not be fetched says so; what was typed in it stays.
document.addEventListener("htmx:after:request", (event) => {
  const status = event.detail?.ctx?.response?.raw?.status ?? 0;
  const form = event.target.closest?.("form");
  if (status < 400 || status === 422 || !form) return;
  delete form.dataset.sent;
  const note = one(".st-failed", form) ?? form.appendChild(document.createElement("p"));
  note.className = "st-warn st-failed";
  note.setAttribute("role", "alert");
  note.textContent = status === 401
    ? "Phiên làm việc đã hết. Mở trang này ở thẻ khác để đăng nhập lại, rồi bấm lần nữa; chữ đã gõ vẫn còn."
    : "Chưa gửi được. Chữ đã gõ vẫn còn; anh/chị thử lại sau ít phút.";
});
// ---------------------------------------------------------------- forms
addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-put]");
  const area = button && document.getElementById(button.dataset.put);
  if (!area) return;
  const before = area.value.slice(0, area.selectionStart);
  area.setRangeText((before && !before.endsWith("\n") ? "\n" : "") + button.dataset.text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
});
addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-once]");
  if (!form || event.defaultPrevented) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-disabled", "true");
});
// A page out of the back-forward store may be sent again.
addEventListener("pageshow", () => all("form[data-once]").forEach((form) => {
  delete form.dataset.sent;
  all("[aria-disabled]", form).forEach((button) => button.removeAttribute("aria-disabled"));
}));
for (const form of all("form[data-auto]")) {
  // With the keyboard every step through a list is a change: there the button sends.
  let typing = false;
  form.addEventListener("keydown", () => { typing = true; });
  form.addEventListener("pointerdown", () => { typing = false; });
  form.addEventListener("change", () => { if (!typing) form.requestSubmit(); });
}
for (const form of all("form[data-insert]")) {
  const area = document.getElementById(form.dataset.insert);
  const insert = (event) => {
    event.preventDefault();
    const text = one("select", form).selectedOptions[0]?.dataset.text;
    if (!text || !area) return;
    const before = area.value.slice(0, area.selectionStart);
    const gap = before && !before.endsWith("\n") ? "\n" : "";
    area.setRangeText(gap + text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input"));
    area.focus();
    one("select", form).value = "";
  };
  form.addEventListener("submit", insert);
}
for (const form of all(".st-filters__form, .st-search")) {
  // Empty choices stay out of the address.
  form.addEventListener("formdata", (event) => {
    for (const [name, value] of [...event.formData]) if (!value) event.formData.delete(name);
  });
}

// ---------------------------------------------------------------- keys
const help = document.getElementById("phim-tat");
const wanted = document.getElementById("dung-phim-tat");
if (wanted) {
  wanted.checked = store.get("ln:keys") !== "off";
  wanted.addEventListener("change", () => store.set("ln:keys", wanted.checked ? "on" : "off"));
}
all("[data-open-help]").forEach((button) => button.addEventListener("click", () => {
  one(".st-person")?.removeAttribute("open");
  help?.showModal();
}));
all("[data-close-help]").forEach((button) => button.addEventListener("click", () => help?.close()));
function openFold(query) {
  const fold = one(query);
  if (!fold) return;
  fold.open = true;
  one("select, textarea, button", fold)?.focus();
}
const keys = {
  j: () => step(1),
  k: () => step(-1),
  "/": () => document.getElementById("q")?.focus(),
  x: () => { const box = here() && one(".st-row__pick input", here()); if (box) pick(box, !box.checked); },
  a: () => (queue ? openBulk("a") : one("[data-take]")?.focus()),
  e: () => (queue ? openBulk("e") : openFold("[data-close]")),
  n: () => one("[data-news]:not([hidden]) a")?.click(),
  r: () => {
    const area = document.getElementById("text");
    if (area) area.focus();
    else if (here()) location.assign(`${one(".st-row__link", here()).href}#text`);
  },
  u: () => one("[data-back]")?.click(),
  "?": () => help?.showModal(),
};
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || help?.open) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
  if (store.get("ln:keys") === "off") return;
  const act = keys[event.key];
  if (act) { event.preventDefault(); act(); }
});
addEventListener("click", (event) => {
  const fold = one(".st-bulk details[open]");
  if (fold && !fold.contains(event.target)) fold.open = false;
  const menu = one(".st-person[open]");
  if (menu && !menu.contains(event.target)) menu.removeAttribute("open");
});
addEventListener("keydown", (event) => {
  const menu = one(".st-person[open], .st-bulk details[open]");
  if (event.key === "Escape" && menu) { menu.removeAttribute("open"); one("summary", menu).focus(); }
});

// ---------------------------------------------------------------- a fresh conversation
const talk = one("[data-poll]");
const scroller = document.getElementById("hoi-thoai");
if (scroller) scroller.scrollTop = scroller.scrollHeight;
if (talk) {
  let last = null;
  const renew = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(talk.dataset.poll, { redirect: "error", headers: { Accept: "text/html" } });
      if (!answer.ok) return;
      const html = await answer.text();
      const version = answer.headers.get("X-Case-Version");
      if (version !== talk.dataset.version) one("[data-changed]").hidden = false;
      const busy = (talk !== document.activeElement && talk.contains(document.activeElement)) || one("details[open]", talk);
      if (last !== null && html !== last && !busy) {
        const below = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 60;
        talk.innerHTML = html;
        if (below) talk.scrollTop = talk.scrollHeight; // whoever reads further up is left there
      }
      if (!busy) last = html;
    } catch { /* the next try may reach the server */ }
  };
  renew();
  setInterval(renew, 8000);
}
