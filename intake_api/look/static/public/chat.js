// The chat page: deep-chat shows and takes messages, this module carries them.
// Words of the server are only ever put into the page as text nodes.
import "../vendor/deep-chat/deepChat.bundle.js";
import { fill, failure, fileLine, keepCodes, typingSign } from "./chat-parts.js";
import { askToKeep, setUpFiles } from "./chat-ways.js";
import * as wire from "./chat-wire.js";

const box = document.getElementById("hop-thoai");
const seen = new Set();          // numbers of messages that are on the page
const unconfirmed = [];          // what was written here and not yet heard back
let lastId = 0, known = false, pending = false;
let timer = 0, sending = 0, nextPayload = null, typedBefore = "", listening = null;
let placed = 0, aiming = 0;      // where this module put the list last, and is about to

// deep-chat renders Markdown by default; people's words are plain text.
const escape = (text) => String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
window.remarkable_plugins = [{ plugin: (md) => { md.render = escape; } }];

let chat;
const root = () => chat.shadowRoot;
const log = () => root().getElementById("messages");
const input = () => root().getElementById("text-input");
const typing = typingSign();

// ------------------------------------------------------------ showing
function plain(text) { return text.replace(/\s+/g, " ").trim(); }

// The bubble that was written here for this message: rather one on its way than one that failed.
function takeOwn(message) {
  const same = unconfirmed.filter((one) => (one.files ? message.files?.length === one.files.length && !message.text
    : plain(one.text) === plain(message.text)));
  const one = same.find((each) => !each.note) || same[0];
  if (one) unconfirmed.splice(unconfirmed.indexOf(one), 1);
  return one;
}

function container(bubble) { return bubble.closest(".outer-message-container"); }

// Stands a message where the server orders it: one that failed first may be heard much later.
function order(bubble, id) {
  const own = container(bubble);
  own.dataset.id = id;
  const others = [...root().querySelectorAll("[data-id]")].filter((one) => one !== own);
  const before = others.filter((one) => Number(one.dataset.id) < id).pop();
  const after = others.find((one) => Number(one.dataset.id) > id);
  const stands = (one, relation) => own.compareDocumentPosition(one) & relation;
  if (after && !stands(after, Node.DOCUMENT_POSITION_FOLLOWING)) after.before(own);
  else if (before && !stands(before, Node.DOCUMENT_POSITION_PRECEDING)) before.after(own);
}

function show(message, { withChoices }) {
  if (seen.has(message.id)) return null;
  seen.add(message.id);
  lastId = Math.max(lastId, message.id);
  const own = message.author === "citizen" ? takeOwn(message) : null;
  if (own) clearFailure(own);
  const bubble = own ? own.bubble : place(message, withChoices);
  order(bubble, message.id);
  return own ? null : bubble;
}

function place(message, withChoices) {
  // Only this placeholder is HTML; the number comes from us, the words are filled in as text.
  const slot = `m${Number(message.id)}`;
  const role = message.author === "citizen" ? "user" : "ai";
  chat.addMessage({ html: `<div data-slot="${slot}"></div>`, role });
  const element = root().querySelector(`[data-slot="${slot}"]`);
  const bubble = element.closest(".message-bubble");
  bubble.classList.add(role === "user" ? "user-message-text" : "ai-message-text");
  fill(element, bubble, message, withChoices ? pick : null);
  return bubble;
}

function showAll(messages, { history = false, answered = false } = {}) {
  const follow = answered || following();
  const last = messages[messages.length - 1];
  let first = null, urgent = null;
  for (const message of messages) {
    const bubble = show(message, { withChoices: !history || message === last });
    first = first || bubble;
    if (bubble && message.emergency) urgent = urgent || bubble;
  }
  if (first && !history) dispatchEvent(new Event("langnghe:new"));
  if (!first) return;
  if (typing.isConnected) log().append(typing);
  if (history) aim(toEnd);
  else if (follow) aim(() => readFrom(urgent || first));
}

// ------------------------------------------------------------ scrolling
// deep-chat scrolls by itself a moment after a message, so every move is made twice.
function aim(move) {
  clearTimeout(aiming);
  move();
  aiming = setTimeout(move, 40);
}

function moveTo(top) { log().scrollTop = top; placed = log().scrollTop; }
function toEnd() { moveTo(log().scrollHeight); }

// True unless the person has moved the list to read something further up.
function following() {
  const below = log().scrollHeight - log().scrollTop - log().clientHeight;
  return below < 160 || Math.abs(log().scrollTop - placed) < 8;
}

// What is new is shown to its end, buttons included; what is too long is read from its beginning.
function readFrom(bubble) {
  const top = bubble.getBoundingClientRect().top - log().getBoundingClientRect().top + log().scrollTop;
  if (log().scrollHeight - top > log().clientHeight) moveTo(top - 12);
  else toEnd();
}

function setTyping(on) { if (on) log().append(typing); else typing.remove(); }

function dropChoices() { root().querySelectorAll(".choices").forEach((one) => one.remove()); }

// ------------------------------------------------------------ sending
function pick(title, payload) {
  nextPayload = payload;
  typedBefore = input().innerText.trim();
  chat.submitUserMessage({ text: title });
  // On a phone the keyboard stays away after a tap on a button.
  if (matchMedia("(pointer: coarse)").matches) setTimeout(() => input().blur(), 60);
}

function onWritten(body) {
  const text = body.messages[body.messages.length - 1].text.trim();
  const bubbles = root().querySelectorAll(".user-message-text");
  const one = { text, payload: nextPayload, id: crypto.randomUUID(), bubble: bubbles[bubbles.length - 1] };
  nextPayload = null;
  if (typedBefore) { input().innerText = typedBefore; typedBefore = ""; }
  keepCodes(one.bubble);
  unconfirmed.push(one);
  send(one);
}

function send(one) {
  dropChoices();
  setTyping(true);
  aim(toEnd);
  deliver(one);
}

async function deliver(one) {
  sending += 1;
  listen(); // the emergency numbers do not wait until the assistant has answered
  let problem = "";
  try {
    const answer = await wire.post(one, lastId);
    const said = await answer.json().catch(() => ({}));
    if (answer.ok) { pending = said.pending; showAll(said.messages, { answered: true }); }
    else problem = said.message || "Máy chủ chưa nhận được tin nhắn.";
  } catch {
    problem = navigator.onLine ? "Chưa gửi được, mạng có thể đang chậm." : "Chưa gửi được, máy đang mất mạng.";
  }
  sending -= 1;
  if (problem) failed(one, problem);
  else { known = true; askToKeep(box, wire); }
  if (!sending) setTyping(pending && !problem);
  schedule(pending ? 0 : 3000);
}

function sendFiles(files) {
  chat.addMessage({ html: `<div data-slot="f${Number(seen.size)}-${unconfirmed.length}"></div>`, role: "user" });
  const element = [...root().querySelectorAll("[data-slot]")].pop();
  const bubble = element.closest(".message-bubble");
  bubble.classList.add("user-message-text");
  element.append(fileLine(files.map((file) => file.name)));
  const one = { text: "", files, id: crypto.randomUUID(), bubble };
  unconfirmed.push(one);
  send(one);
}

function failed(one, words) {
  if (!unconfirmed.includes(one)) return; // the server had it after all
  one.bubble.classList.add("unsent");
  one.note = failure(words, () => {
    clearFailure(one);
    log().append(container(one.bubble));
    send(one);
    input().focus();
  });
  container(one.bubble).append(one.note);
  aim(toEnd);
}

function clearFailure(one) {
  one.bubble.classList.remove("unsent");
  one.note?.remove();
  one.note = null;
}

// ------------------------------------------------------------ hearing
function schedule(milliseconds) {
  clearTimeout(timer);
  if (document.hidden || !(known || sending)) return;
  timer = setTimeout(listen, milliseconds);
}

// One open question at a time; while a message is on its way it begins a moment later, so that
// the server has the message.
async function listen() {
  if (listening) return;
  clearTimeout(timer);
  listening = new AbortController();
  let again = 3000;
  try {
    if (sending) await new Promise((done) => setTimeout(done, 250));
    again = await wire.listen(lastId, {
      signal: listening.signal,
      onSaid: (said) => {
        pending = said.pending;
        showAll(said.messages, { answered: sending > 0 });
        if (!sending) setTyping(pending);
        net("");
      },
      onBusy: () => net("Máy chủ đang bận. Trang sẽ tự thử lại."),
    });
    if (navigator.onLine) net("");
  } catch {
    if (!listening.signal.aborted) net("Mất kết nối. Tin nhắn mới sẽ tự hiện khi có mạng trở lại.");
  }
  listening = null;
  schedule(sending ? 700 : again);
}

function rest() { clearTimeout(timer); listening?.abort(); }

const netLine = document.createElement("p");
netLine.className = "pb-chat__net";
netLine.setAttribute("role", "status");
netLine.hidden = true;
function net(words) { netLine.hidden = !words; netLine.textContent = words; }

// ------------------------------------------------------------ starting
function accessible() {
  const messages = log();
  messages.setAttribute("role", "log");
  messages.setAttribute("aria-label", "Hội thoại");
  messages.setAttribute("aria-live", "polite");
  messages.tabIndex = 0;
  const field = input();
  field.setAttribute("role", "textbox");
  field.setAttribute("aria-multiline", "true");
  field.setAttribute("aria-label", "Tin nhắn cho Trợ lý");
  field.setAttribute("enterkeyhint", "send");
  root().querySelectorAll(".input-button").forEach((one) => {
    one.setAttribute("role", "button");
    one.setAttribute("aria-label", "Gửi");
    one.title = "Gửi";
  });
}

function greet(withChoices) {
  const words = document.getElementById("loi-chao").content;
  place({
    id: 0, author: "bot", emergency: false, source: "", validity: "", at: "",
    text: [...words.querySelectorAll("p")].map((p) => p.textContent.trim()).join("\n"),
    buttons: [...words.querySelectorAll("button")].map((b) => ({ title: b.textContent, payload: b.dataset.payload })),
  }, withChoices);
}

function rendered() {
  return new Promise((done) => {
    const look = () => (root()?.getElementById("messages") && input() ? done() : setTimeout(look, 10));
    look();
  });
}

// deep-chat renders 20 ms after it was made and connects only when it is in the page by then.
function makeChat() {
  chat = document.createElement("deep-chat");
  chat.connect = {
    // "websocket" is deep-chat's word for a handler that may be given messages at any time:
    // a person can write again before the answer is there, and staff may answer hours later.
    websocket: true,
    handler: (_body, signals) => {
      signals.onOpen();
      signals.newUserMessage.listener = onWritten;
    },
  };
  chat.textInput = { placeholder: { text: "Viết cho Trợ lý…" }, characterLimit: 5000 };
  // With a font of our own deep-chat does not fetch one from elsewhere.
  chat.style.fontFamily = "var(--ln-font)";
  chat.displayLoadingBubble = false;
  chat.errorMessages = { displayServiceErrorMessages: false };
}

async function start() {
  const [css, past] = await Promise.all([fetch(box.dataset.css).then((r) => r.text()), wire.history()]);
  document.getElementById("hop-thoai-cho").remove();
  makeChat();
  box.append(chat);
  box.before(netLine);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root().adoptedStyleSheets = [...root().adoptedStyleSheets, sheet];
  await rendered();
  accessible();
  log().setAttribute("aria-live", "off"); // the past is not read out
  greet(past.messages.length === 0);
  pending = past.pending;
  known = past.messages.length > 0;
  showAll(past.messages, { history: true });
  setTimeout(() => log().setAttribute("aria-live", "polite"), 500);
  document.querySelectorAll("[data-say]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => pick(button.dataset.say, button.dataset.payload));
  });
  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : schedule(0)));
  addEventListener("online", () => { net(""); schedule(0); });
  addEventListener("pagehide", rest);
  addEventListener("offline", () => net("Máy đang mất mạng. Anh/chị vẫn viết được; bấm Gửi lại khi có mạng."));
  visualViewport?.addEventListener("resize", () => aim(toEnd));
  if (matchMedia("(pointer: fine)").matches) input().focus();
  setUpFiles(sendFiles);
  if (past.messages.length) askToKeep(box, wire);
  box.dataset.ready = "true";
  schedule(pending ? 0 : 3000);
}

start();
