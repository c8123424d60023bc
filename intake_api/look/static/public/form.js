// Small helps of the forms; everything works without them.
const MB = 1024 * 1024;
const GROUPED = new Intl.NumberFormat("vi-VN");
const ONE = new Intl.NumberFormat("vi-VN", { maximumFractionDigits: 1 });
const size = (bytes) => (bytes < MB ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${ONE.format(bytes / MB)} MB`);

document.querySelector("[data-autofocus]")?.focus();

for (const area of document.querySelectorAll("textarea[data-count]")) {
  const max = Number(area.dataset.count);
  const line = document.getElementById(`${area.id}-count`);
  const said = document.createElement("span"); // only said when it matters
  said.className = "ln-vh";
  said.setAttribute("role", "status");
  line.after(said);
  const update = () => {
    const left = max - area.value.trim().length;
    line.textContent = left >= 0 ? `Còn ${GROUPED.format(left)} ký tự.` : `Dài quá ${GROUPED.format(-left)} ký tự.`;
    line.classList.toggle("ln-count--over", left < 0);
    said.textContent = left < 200 ? line.textContent : "";
  };
  area.addEventListener("input", update);
  update();
}

const anonymous = document.getElementById("an_danh");
const contact = document.getElementById("lien-he");
if (anonymous && contact) {
  const update = () => { contact.hidden = anonymous.checked; };
  anonymous.addEventListener("change", update);
  update();
}

const picker = document.getElementById("tep");
if (picker) {
  const list = document.getElementById("tep-list");
  picker.addEventListener("change", () => {
    list.replaceChildren();
    [...picker.files].forEach((file, index) => {
      const row = document.createElement("p");
      const name = document.createElement("span");
      const note = document.createElement("span");
      name.textContent = file.name;
      const wrong = index >= Number(picker.dataset.max) ? "Quá số tệp cho phép"
        : file.size > 10 * MB ? "Lớn hơn 10 MB"
        : /\.(pdf|docx|jpe?g|png)$/i.test(file.name) ? "" : "Không phải PDF, DOCX, JPG, PNG";
      note.textContent = wrong || size(file.size);
      row.classList.toggle("pb-files__bad", Boolean(wrong));
      row.append(name, note);
      list.append(row);
    });
  });
}

for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "true";
    const button = form.querySelector("button[type=submit]");
    button.setAttribute("aria-disabled", "true");
    button.querySelector("span").textContent = "Đang gửi…";
  });
  // Coming back with the browser's own button finds the form usable again.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    delete form.dataset.sent;
    const button = form.querySelector("button[type=submit]");
    button.removeAttribute("aria-disabled");
    button.querySelector("span").textContent = "Gửi góp ý";
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
