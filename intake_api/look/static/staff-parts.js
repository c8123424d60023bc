// What every script of the workbench uses.

const keeping = (where) => ({
  get(name) { try { return where().getItem(name); } catch { return null; } },
  set(name, value) { try { where().setItem(name, value); } catch { /* full or forbidden */ } },
  drop(name) { try { where().removeItem(name); } catch { /* forbidden */ } },
  names() { try { return Object.keys(where()); } catch { return []; } },
});
export const store = keeping(() => localStorage);
// Words about a sealed case do not outlive the tab; the server keeps them, encrypted.
export const tab = keeping(() => sessionStorage);
export const all = (query, root = document) => [...root.querySelectorAll(query)];
export const one = (query, root = document) => root.querySelector(query);
