// A button on somebody else's page that opens the chat. Until it is pressed nothing is fetched,
// nothing is stored, and the page's own styles are neither used nor touched.
(() => {
  const { base, sites } = /* FACTS */ {};
  if (document.querySelector("langnghe-chat")) return;
  const tag = document.currentScript;
  const label = tag?.dataset.label || "Hỏi Sở GDĐT";
  const left = tag?.dataset.side === "left";
  const fits = (site) => (site.includes("*.")
    ? location.protocol === "https:" && location.hostname.endsWith(site.slice(site.indexOf("*.") + 1))
    : site === location.origin);
  const allowed = location.origin === base || sites.some(fits);

  const css = `
    :host { all: initial; position: fixed; inset-block-end: 0; ${left ? "inset-inline-start" : "inset-inline-end"}: 0; z-index: 2147483000; font: 600 16px/1.4 "Be Vietnam Pro", system-ui, sans-serif; }
    * { box-sizing: border-box; }
    .open { position: fixed; inset-block-end: max(16px, env(safe-area-inset-bottom)); ${left ? "left" : "right"}: 16px; display: flex; align-items: center; gap: 8px; min-height: 48px; padding: 10px 18px; border: 0; border-radius: 24px; background: #0b4f8a; color: #fff; font: inherit; text-decoration: none; cursor: pointer; box-shadow: 0 2px 10px rgb(0 0 0 / .25); }
    .open:hover { background: #083c69; }
    .open svg, .shut svg { width: 24px; height: 24px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; flex: none; }
    button:focus-visible, a:focus-visible { outline: 3px solid #ffbf47; outline-offset: 2px; }
    .dot { width: 10px; height: 10px; border-radius: 50%; background: #ffbf47; }
    .panel { position: fixed; inset-block-end: 16px; ${left ? "left" : "right"}: 16px; width: 400px; height: min(680px, calc(100dvh - 32px)); display: flex; flex-direction: column; border-radius: 16px; overflow: hidden; background: #fff; box-shadow: 0 8px 32px rgb(0 0 0 / .3); }
    .bar { display: flex; align-items: center; justify-content: space-between; gap: 8px; padding: 4px 4px 4px 16px; background: #0b4f8a; color: #fff; }
    .shut { display: grid; place-items: center; width: 44px; height: 44px; border: 0; border-radius: 8px; background: transparent; color: inherit; cursor: pointer; }
    iframe { flex: 1; width: 100%; border: 0; background: #fff; }
    [hidden] { display: none !important; }
    @media (max-width: 559px) { .panel { inset: 0; width: 100%; height: 100dvh; border-radius: 0; } }
    @media (prefers-color-scheme: dark) { .panel, iframe { background: #12202e; } }
    @media print { :host { display: none; } }`;

  function make(name, properties, ...inside) {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...inside);
    return element;
  }
  function drawing(path) {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const line = document.createElementNS(space, "path");
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  }

  const host = document.createElement("langnghe-chat");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet(); // a page's own policy may forbid <style>, not this
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
  const bubble = () => drawing("M4 5.5h16v10.5H11l-4.5 4v-4H4z M8 9.5h8 M8 12.5h5");

  if (!allowed) {
    console.warn(`Lắng nghe: ${location.origin} chưa có trong LANGNGHE_EMBED_ORIGINS; nút mở trang riêng.`);
    root.append(make("a", { className: "open", href: `${base}/tro-chuyen`, target: "_blank", rel: "noopener" }, bubble(), label));
  } else {
    const dot = make("span", { className: "dot", hidden: true, title: "Có tin mới" });
    const open = make("button", { className: "open", type: "button", ariaExpanded: "false" }, bubble(), label, dot);
    const shut = make("button", { className: "shut", type: "button", ariaLabel: "Đóng trò chuyện" }, drawing("M6 6l12 12M18 6L6 18"));
    const panel = make("div", { className: "panel", hidden: true, role: "dialog", ariaLabel: "Trò chuyện với Sở Giáo dục và Đào tạo" },
      make("div", { className: "bar" }, make("span", {}, "Lắng nghe – Sở GDĐT Hà Nam"), shut));
    let frame = null, ready = false;
    const shown = () => { if (ready && !panel.hidden) frame.contentWindow.postMessage({ langnghe: "shown" }, base); };
    const show = () => {
      if (!frame) {
        frame = make("iframe", { src: `${base}/nhung`, title: "Trò chuyện với Trợ lý của Sở" });
        panel.append(frame);
      }
      panel.hidden = false;
      open.hidden = dot.hidden = true;
      open.ariaExpanded = "true";
      frame.focus();
      shown();
    };
    const hide = () => {
      panel.hidden = true;
      open.hidden = false;
      open.ariaExpanded = "false";
      open.focus();
    };
    open.addEventListener("click", show);
    shut.addEventListener("click", hide);
    panel.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
    addEventListener("message", (event) => {
      if (!frame || event.source !== frame.contentWindow || event.origin !== base) return;
      if (event.data?.langnghe === "close" && !panel.hidden) hide();
      if (event.data?.langnghe === "new" && panel.hidden) dot.hidden = false;
      if (event.data?.langnghe === "ready") { ready = true; shown(); }
    });
    root.append(open, panel);
  }
  const place = () => document.body.append(host);
  if (document.body) place(); else addEventListener("DOMContentLoaded", place);
})();
