// The workbench: keys, unsent words kept on this machine, one click one sending, fresh conversation.
// Everything works without this file; it only saves steps.

const KEEP = "ln:draft:";
const store = {
  get(name) { try { return localStorage.getItem(name); } catch { return null; } },
  set(name, value) { try { localStorage.setItem(name, value); } catch { /* full or forbidden */ } },
  drop(name) { try { localStorage.removeItem(name); } catch { /* forbidden */ } },
  names() { try { return Object.keys(localStorage); } catch { return []; } },
};
const all = (query, root = document) => [...root.querySelectorAll(query)];
const one = (query, root = document) => root.querySelector(query);

document.documentElement.classList.add("st-on");
one("[data-autofocus]")?.focus();

// ---------------------------------------------------------------- unsent words
// What was sent is forgotten; the notice that says so names the code.
for (const note of all("[data-sent]")) {
  const code = note.textContent.match(/PA-\d{4}-\w{4}-\w{4}/)?.[0];
  if (code) store.names().filter((n) => n.startsWith(KEEP) && n.endsWith(code)).forEach(store.drop);
}
// Somebody else may use this computer next.
for (const form of all("[data-forget-drafts]")) {
  form.addEventListener("submit", () => store.names().filter((n) => n.startsWith(KEEP)).forEach(store.drop));
}
for (const area of all("[data-keep]")) {
  const name = KEEP + area.dataset.keep;
  const given = area.value;
  const kept = store.get(name);
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
    if (!given.trim()) area.value = kept;
    label();
  }
  area.addEventListener("input", () => (area.value.trim() ? store.set(name, area.value) : store.drop(name)));
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

// ---------------------------------------------------------------- forms
for (const form of all("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    event.submitter?.setAttribute("aria-disabled", "true");
  });
}
// A page out of the back-forward store may be sent again.
addEventListener("pageshow", () => all("form[data-once]").forEach((form) => {
  delete form.dataset.sent;
  all("[aria-disabled]", form).forEach((button) => button.removeAttribute("aria-disabled"));
}));
for (const form of all("form[data-auto]")) {
  form.addEventListener("change", () => form.requestSubmit());
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

// ---------------------------------------------------------------- queue
const queue = one("[data-queue]");
if (queue || one(".st-chips")) store.set("ln:queue", location.search);
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
function step(by) {
  const links = all(".st-row__link");
  if (!links.length) return;
  const at = links.indexOf(document.activeElement);
  const next = links[Math.min(links.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
  next.focus();
  next.closest(".st-row").scrollIntoView({ block: "nearest" });
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
const keys = {
  j: () => step(1),
  k: () => step(-1),
  "/": () => document.getElementById("q")?.focus(),
  r: () => document.getElementById("text")?.focus(),
  u: () => one("[data-back]")?.click(),
  "?": () => help?.showModal(),
};
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || help?.open) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  if (store.get("ln:keys") === "off") return;
  const act = keys[event.key];
  if (act) { event.preventDefault(); act(); }
});
addEventListener("click", (event) => {
  const menu = one(".st-person[open]");
  if (menu && !menu.contains(event.target)) menu.removeAttribute("open");
});
addEventListener("keydown", (event) => {
  const menu = one(".st-person[open]");
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
        talk.innerHTML = html;
        talk.scrollTop = talk.scrollHeight;
      }
      if (!busy) last = html;
    } catch { /* the next try may reach the server */ }
  };
  renew();
  setInterval(renew, 8000);
}
