// How the chat page speaks with the server. The conversation's name travels in a header: a frame
// on another site gets no cookies, and no other site's page can send the header.
const box = document.getElementById("hop-thoai");
const url = box.dataset.url, framed = box.dataset.framed === "true";
const SEND_TIMEOUT = 45000, KEY = "langnghe:chat";

// A frame on another site may be refused all storage; then the conversation lives as long as the
// page, or as the cookie that the person agreed to.
function stored(action) { try { return action(window.sessionStorage); } catch { return null; } }

// What the person agreed to keep comes first, then this tab's own, then the page's fresh name.
let kept = box.dataset.kept === "true";
const token = (!kept && stored((s) => s.getItem(KEY))) || box.dataset.token;
const headers = { Accept: "application/json", "X-Langnghe-Chat": token };

export const isKept = () => kept;

async function request(address, options) {
  const stop = new AbortController();
  const clock = setTimeout(() => stop.abort(), SEND_TIMEOUT);
  try {
    // Only now something is stored: a reload in this tab must not lose the conversation.
    stored((s) => s.setItem(KEY, token));
    return await fetch(address, { method: "POST", credentials: "same-origin", signal: stop.signal, ...options });
  } finally { clearTimeout(clock); }
}

export function post(one, after) {
  if (one.files) {
    const form = new FormData();
    one.files.forEach((file) => form.append("tep", file));
    form.append("client_id", one.id);
    form.append("after", after);
    return request(box.dataset.files, { headers, body: form });
  }
  return request(url, {
    headers: { ...headers, "Content-Type": "application/json" },
    body: JSON.stringify({ text: one.text, payload: one.payload, client_id: one.id, after }),
  });
}

export async function history() {
  try {
    const answer = await fetch(`${url}?after=0`, { credentials: "same-origin", headers });
    return answer.ok ? await answer.json() : { messages: [], pending: false };
  } catch { return { messages: [], pending: false }; }
}

function keep(method, address) {
  return fetch(`${address}${framed ? "?khung=1" : ""}`, { method, credentials: "same-origin", headers });
}

// True when the browser really keeps it: asked back, since a browser may drop a cookie silently.
export async function remember() {
  await keep("POST", box.dataset.keep);
  const answer = await keep("GET", box.dataset.keep);
  kept = answer.ok && (await answer.json()).kept;
  return kept;
}

export async function forget() {
  stored((s) => s.removeItem(KEY));
  kept = false;
  await keep("POST", box.dataset.forget);
}

// ------------------------------------------------------------ events
// An EventSource cannot send the header, so its part is played here: blocks of "name: value".
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      yield Object.fromEntries(block.split("\n").map((line) => {
        const at = line.indexOf(": ");
        return [line.slice(0, at), line.slice(at + 2)];
      }));
    }
  }
}

// Asks for what is new, once; tells when to ask again (milliseconds). Throws without a connection.
export async function listen(after, { onSaid, onBusy, signal }) {
  let retry = 3000;
  const answer = await fetch(url, {
    credentials: "same-origin", signal,
    headers: { ...headers, Accept: "text/event-stream", "Last-Event-ID": String(after) },
  });
  if (answer.status === 429) return 15000;
  if (!answer.ok) { onBusy(); return 5000; }
  for await (const event of events(answer.body)) {
    if (event.retry) retry = Number(event.retry);
    if (event.event === "said") onSaid(JSON.parse(event.data));
    if (event.event === "busy") onBusy();
  }
  return retry;
}
