// The live conversation renews itself every three seconds while somebody looks at it.
const box = document.querySelector("[data-live]");
const state = document.querySelector("[data-live-standing]");
const form = document.querySelector("[data-live-write]");

if (box) {
  box.scrollTop = box.scrollHeight;
  let last = null;
  const renew = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(box.dataset.live, { redirect: "error", headers: { Accept: "text/html" } });
      if (!answer.ok) return;
      const html = await answer.text();
      if (last !== null && html !== last) {
        const below = box.scrollHeight - box.scrollTop - box.clientHeight < 60;
        const before = box.querySelector("ol")?.dataset.standing;
        box.innerHTML = html;
        if (below) box.scrollTop = box.scrollHeight;
        // Who speaks has changed: the page's buttons are no longer right.
        const now = box.querySelector("ol")?.dataset.standing;
        const typing = form && form.elements.text.value.trim();
        if (now !== before && state) {
          if (typing) state.textContent = now;
          else location.reload();
        }
      }
      last = html;
    } catch { /* the next try may reach the server */ }
  };
  renew();
  setInterval(renew, 3000);
}

if (form) {
  form.elements.text.focus();
  form.elements.text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
}
