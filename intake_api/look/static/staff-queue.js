// The queue: the row that the keys speak of, many rows at once, what came while the page is open.
import { all, one, store, tab } from "./staff-parts.js";

export const queue = one("[data-queue]");
if (queue) store.set("ln:queue", location.search);
for (const link of all("[data-back]")) {
  const search = store.get("ln:queue");
  if (search) link.search = search;
}
const density = one("[data-density]");
if (density) {
  const apply = (dense) => {
    document.documentElement.classList.toggle("st-dense", dense);
    density.setAttribute("aria-pressed", String(dense));
  };
  apply(store.get("ln:dense") === "1");
  density.addEventListener("click", () => {
    const dense = density.getAttribute("aria-pressed") !== "true";
    store.set("ln:dense", dense ? "1" : "0");
    apply(dense);
  });
}
export function step(by) {
  const links = all(".st-row__link");
  if (!links.length) return;
  const at = links.indexOf(one(".st-row__link", here() ?? document.createElement("p")));
  // Beyond the last row stands the way to the next page, and behind it the row again.
  const turning = document.activeElement?.closest(".ln-pager");
  const end = at === (by > 0 ? links.length - 1 : 0);
  const turn = end && one(`.ln-pager [rel=${by > 0 ? "next" : "prev"}]`);
  if (turn && !turning) { turn.focus(); return; }
  const next = links[Math.min(links.length - 1, Math.max(0, at < 0 ? 0 : turning ? at : at + by))];
  next.focus();
  next.closest(".st-row").scrollIntoView({ block: "nearest" });
}
// The row the keys speak of: the one in focus, else the one that was last.
let lastCode = "";
addEventListener("focusin", (event) => { lastCode = event.target.closest?.(".st-row[data-code]")?.dataset.code ?? lastCode; });
export const here = () => (lastCode ? one(`.st-row[data-code="${lastCode}"]`) : null);
// Back from a case, the keys go on where they were: at its row, or at the one that took its place.
const cameBack = queue && /\/(y-kien|hang-loat)/.test(document.referrer);
if (queue) {
  const rows = () => all(".st-row[data-code]");
  const [place, code] = (tab.get("ln:row") ?? "").split(":");
  if (code && cameBack) {
    const row = one(`.st-row[data-code="${code}"]`) ?? rows()[Math.min(Number(place), rows().length - 1)];
    row?.scrollIntoView({ block: "center" });
    if (row) one(".st-row__link", row).focus({ preventScroll: true });
  }
  addEventListener("pagehide", () => { if (here()) tab.set("ln:row", `${rows().indexOf(here())}:${lastCode}`); });
}

// ---------------------------------------------------------------- many rows
const bar = document.getElementById("hang-loat");
const boxes = () => all(".st-rows .st-row__pick input");
let lastBox = null;
let lent = ""; // the row that a key chose for one step alone
function recount() {
  if (!bar) return;
  const chosen = boxes().filter((box) => box.checked).length;
  const whole = one("[data-bulk-all-field]", bar).value === "1";
  const page = one("[data-bulk-page]");
  const more = one("[data-bulk-all]", bar);
  bar.classList.toggle("st-bulk--on", chosen > 0);
  one("[data-bulk-count]", bar).textContent = whole ? `Đã chọn tất cả (${more?.dataset.words})` : `Đã chọn ${chosen}`;
  if (page) { page.checked = chosen > 0 && chosen === boxes().length; page.indeterminate = chosen > 0 && !page.checked; }
  if (more) more.hidden = whole || chosen !== boxes().length;
}
export function pick(box, on) {
  lent = "";
  box.checked = on;
  if (bar && !on) one("[data-bulk-all-field]", bar).value = "";
  lastBox = box;
  recount();
}
if (bar) {
  // Rows stay chosen while somebody looks into one of them, unless they were changed meanwhile.
  const chosen = (cameBack && tab.get("ln:chosen")) || "";
  boxes().forEach((box) => { box.checked ||= chosen.split(" ").includes(box.value); });
  addEventListener("pagehide", () => tab.set("ln:chosen", boxes().filter((box) => box.checked).map((box) => box.value).join(" ")));
  // A step that was not taken leaves no row chosen that nobody chose.
  bar.addEventListener("toggle", () => {
    const box = lent && !one("details[open]", bar) && one(`.st-row[data-code="${lent}"] .st-row__pick input`);
    if (box) pick(box, false);
  }, true);
  // What is missing is said before anything is sent: the rows stay chosen.
  bar.noValidate = true;
  bar.addEventListener("submit", (event) => {
    const box = event.submitter?.closest("details");
    const missing = box && all("[data-need]", box).find((field) => !field.value.trim());
    if (!missing) return;
    event.preventDefault();
    missing.setCustomValidity(missing.dataset.need);
    missing.reportValidity();
  });
  bar.addEventListener("input", (event) => event.target.setCustomValidity(""));
  // Enter does what the open box is for.
  bar.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input, select") || event.isComposing) return;
    event.preventDefault();
    one("button[name=do]", event.target.closest("details"))?.click();
  });
  const more = one("[data-bulk-all]", bar);
  if (more) more.dataset.words = more.textContent.replace(/\D+/g, " ").trim();
  addEventListener("click", (event) => {
    const box = event.target.closest?.(".st-rows .st-row__pick input");
    if (!box) return;
    if (event.shiftKey && lastBox) {
      const found = boxes();
      const [from, to] = [found.indexOf(lastBox), found.indexOf(box)].sort((a, b) => a - b);
      if (from >= 0) found.slice(from, to + 1).forEach((each) => { each.checked = box.checked; });
    }
    pick(box, box.checked);
  });
  one("[data-bulk-page]")?.addEventListener("change", (event) => {
    boxes().forEach((box) => { box.checked = event.target.checked; });
    one("[data-bulk-all-field]", bar).value = "";
    recount();
  });
  more?.addEventListener("click", () => { one("[data-bulk-all-field]", bar).value = "1"; recount(); });
  one("[data-bulk-none]", bar).addEventListener("click", () => {
    boxes().forEach((box) => { box.checked = false; });
    one("[data-bulk-all-field]", bar).value = "";
    recount();
  });
  addEventListener("pageshow", recount);
  recount();
}
one("[data-merge]", bar ?? document)?.addEventListener("toggle", (event) => {
  const into = document.getElementById("bulk-into");
  if (event.target.open && !into.value) into.value = boxes().find((box) => box.checked)?.value.split(":")[0] ?? "";
});
export function openBulk(key) {
  const box = one("input", one(".st-row__pick", here() ?? document.createElement("p")) ?? document.createElement("p"));
  if (box && !boxes().some((each) => each.checked)) { pick(box, true); lent = lastCode; }
  const fold = bar && bar.classList.contains("st-bulk--on") ? one(`details[data-key="${key}"]`, bar) : null;
  if (!fold) return;
  fold.open = true;
  one("select, button", fold.lastElementChild).focus();
}

// ---------------------------------------------------------------- news
// Nothing moves by itself: what is new waits behind a button, what changed is renewed in its place.
const news = one("[data-news-from]");
const told = new Map(); // code → true for what has just come, false for what was changed
// The row that must not move: under the pointer, else of the keys, else the first that is seen.
function held() {
  const seen = all(".st-row[data-code]").filter((row) => row.getBoundingClientRect().bottom > 0);
  return one(".st-row[data-code]:hover") ?? seen.find((row) => row === here()) ?? seen[0] ?? queue;
}
async function renewRow(code, by) {
  const row = one(`.st-row[data-code="${code}"]`);
  if (!row) return;
  try {
    const answer = await fetch(news.dataset.row.replace("CODE", code), { redirect: "error" });
    if (!answer.ok) return;
    const made = document.createElement("template");
    made.innerHTML = (await answer.text()).trim();
    const fresh = made.content.firstElementChild;
    one(".st-row__note", fresh).append(` bởi ${by}`);
    const chosen = one("input", row);
    if (chosen) one("input", fresh).checked = chosen.checked;
    const focused = row.contains(document.activeElement);
    const still = held();
    const top = still.getBoundingClientRect().top;
    row.replaceWith(fresh);
    // A row that grew moves none under the pointer.
    scrollBy(0, (still === row ? fresh : still).getBoundingClientRect().top - top);
    if (focused) one(".st-row__link", fresh).focus({ preventScroll: true });
    recount();
  } catch { /* the next change tells again */ }
}
if (news && "EventSource" in window) {
  const note = one("[data-news]");
  const stream = new EventSource(news.dataset.newsFrom);
  stream.addEventListener("changes", (event) => {
    for (const [code, what] of Object.entries(JSON.parse(event.data))) {
      if (one(`.st-row[data-code="${code}"]`)) renewRow(code, what.by);
      else if (what.listed) told.set(code, told.get(code) || what.did === "received");
    }
    const fresh = [...told.values()].filter(Boolean).length;
    const parts = [[fresh, "mới"], [told.size - fresh, "vừa thay đổi"]].filter(([number]) => number);
    note.hidden = !told.size;
    one("span", note).textContent = parts.map(([number, word]) => `${number} ${word}`).join(", ");
  });
  // The browser asks again by itself unless it was refused: the session has ended, or the house is away.
  stream.addEventListener("error", () => {
    if (stream.readyState !== EventSource.CLOSED) return;
    note.hidden = false;
    one("span", note).textContent = "Danh sách không còn tự cập nhật; tải lại";
  });
  addEventListener("pagehide", () => stream.close());
}
