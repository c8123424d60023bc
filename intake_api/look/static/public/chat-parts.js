// What stands in a message: made of elements and text nodes only.
const CODE = /\bPA-\d{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b/gi;
const LINK = /https:\/\/[^\s<>"']+|\b11[135]\b/g;

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

// Text with its links. Only https addresses, and emergency numbers where they are meant.
function words(text, withNumbers) {
  const line = make("p", "words");
  let done = 0;
  for (const match of text.matchAll(LINK)) {
    let found = match[0];
    const web = found.startsWith("https://");
    if (!web && !withNumbers) continue;
    if (web) found = found.replace(/[.,;:!?)\]]+$/, "");
    line.append(text.slice(done, match.index));
    const link = make("a", "", found);
    link.href = web ? found : `tel:${found}`;
    if (web) { link.target = "_blank"; link.rel = "noopener noreferrer"; }
    line.append(link);
    done = match.index + found.length;
  }
  line.append(text.slice(done));
  return line;
}

const WHO = { bot: "Trợ lý tự động", staff: "Cán bộ Sở trả lời", system: "Thông báo tự động" };

function clock(at) {
  const moment = new Date(at);
  if (!at || Number.isNaN(moment.getTime())) return null;
  const time = make("time");
  time.dateTime = at;
  const zone = { timeZone: "Asia/Ho_Chi_Minh" };
  const hour = moment.toLocaleTimeString("vi-VN", { ...zone, hour: "numeric", minute: "2-digit" }).replace(/^0/, "").replace(":", "h");
  const day = moment.toLocaleDateString("vi-VN", { ...zone, day: "numeric", month: "numeric", year: "numeric" });
  const today = new Date().toLocaleDateString("vi-VN", { ...zone, day: "numeric", month: "numeric", year: "numeric" });
  time.textContent = day === today ? hour : `${hour}, ${day}`;
  return time;
}

function sourceCard(message) {
  const card = make("div", "source");
  card.append(make("p", "", message.source || ""));
  if (message.validity) card.append(make("p", "validity", message.validity));
  return card;
}

function choices(buttons, pick) {
  const group = make("div", "choices");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", "Chọn nhanh");
  for (const { title, payload } of buttons) {
    const button = make("button", "choice", title);
    button.type = "button";
    button.addEventListener("click", () => { group.remove(); pick(title, payload); });
    group.append(button);
  }
  return group;
}

// Case codes stay on one line; their dashes remain plain dashes for whoever copies them.
export function keepCodes(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) if (walker.currentNode.data.search(CODE) >= 0) found.push(walker.currentNode);
  for (const node of found) {
    const parts = [];
    let done = 0;
    for (const match of node.data.matchAll(CODE)) {
      parts.push(node.data.slice(done, match.index), make("span", "code", match[0]));
      done = match.index + match[0].length;
    }
    node.replaceWith(...parts, node.data.slice(done));
  }
}

// Fills the empty place that deep-chat made for one message.
export function fill(slot, bubble, message, pick) {
  write(slot, bubble, message, pick);
  keepCodes(slot);
}

function write(slot, bubble, message, pick) {
  if (message.author === "citizen") {
    slot.append(make("span", "vh", "Anh/chị viết: "));
    if (message.text) slot.append(words(message.text, false));
    if (message.files?.length) slot.append(fileLine(message.files));
    return;
  }
  if (message.author === "staff") bubble.classList.add("from-staff");
  if (message.emergency) bubble.classList.add("emergency");
  const who = make("p", "who", message.emergency ? "Khẩn cấp" : WHO[message.author] || WHO.system);
  who.style.margin = "0 0 2px";
  slot.append(who);
  for (const line of message.text.split("\n").filter((l) => l.trim())) {
    slot.append(words(line, message.emergency));
  }
  if (message.emergency) {
    const numbers = make("div", "sos");
    for (const [number, title] of [["111", "bảo vệ trẻ em"], ["113", "công an"], ["115", "cấp cứu"]]) {
      const link = make("a", "", `Gọi ${number}`);
      link.href = `tel:${number}`;
      link.setAttribute("aria-label", `Gọi ${number}, ${title}`);
      numbers.append(link);
    }
    slot.append(numbers);
  }
  if (message.source) slot.append(sourceCard(message));
  if (message.author === "staff") { const at = clock(message.at); if (at) slot.append(at); }
  if (pick && message.buttons?.length) {
    bubble.closest(".outer-message-container").append(choices(message.buttons, pick));
  }
}

// The names of files that were sent.
export function fileLine(names) {
  const list = make("ul", "sent-files");
  list.setAttribute("aria-label", names.length > 1 ? "Các tệp đã gửi" : "Tệp đã gửi");
  names.forEach((name) => list.append(make("li", "", name)));
  return list;
}

export function failure(text, again) {
  const note = make("div", "failed");
  note.setAttribute("role", "alert");
  const button = make("button", "again", "Gửi lại");
  button.type = "button";
  button.addEventListener("click", again);
  note.append(make("p", "", `${text} Nội dung vẫn còn ở đây.`), button);
  return note;
}

export function typingSign() {
  const sign = make("div", "typing");
  sign.setAttribute("aria-hidden", "true"); // the answer itself is read out
  const dots = make("span");
  dots.append(make("i"), make("i"), make("i"));
  sign.append(dots, make("span", "", "Trợ lý đang soạn…"));
  return sign;
}
