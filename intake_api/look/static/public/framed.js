// The chat inside a frame of another site. Which site may frame it is the policy's business
// (frame-ancestors); what is told to it holds no content.
function tell(what) { if (parent !== window) parent.postMessage({ langnghe: what }, "*"); }
addEventListener("keydown", (event) => { if (event.key === "Escape") tell("close"); });
addEventListener("langnghe:new", () => tell("new"));
addEventListener("message", (event) => {
  if (event.source !== parent || event.data?.langnghe !== "shown") return;
  document.querySelector("deep-chat")?.shadowRoot.getElementById("text-input")?.focus();
});
tell("ready");
