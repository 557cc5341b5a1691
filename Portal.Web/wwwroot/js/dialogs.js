// Menus, search dialog, confirm-once, notes, theme.

const formToken = () => document.querySelector("#frame-form input[name='__RequestVerificationToken']")?.value ?? "";

// Menus made of <details>: one at a time, closed by Escape or a click elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  const menu = document.activeElement?.closest?.("details[data-menu][open]");
  if (!menu) return;
  if (event.key === "Escape") { menu.open = false; menu.querySelector("summary").focus(); return; }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const items = [...menu.querySelectorAll(".dropdown-menu :is(a, button, input):not([disabled])")];
  if (items.length === 0 || document.activeElement.matches("input[type=text], input[type=search]")) return;
  event.preventDefault();
  const at = items.indexOf(document.activeElement);
  items[(at + (event.key === "ArrowDown" ? 1 : items.length - 1)) % items.length].focus();
});

// The side menu stands open on a desk and starts closed on a phone.
const side = document.querySelector("[data-side-menu]");
if (side) {
  const wide = matchMedia("(min-width: 62rem)");
  const fit = () => { side.open = wide.matches; side.dataset.fitted = ""; };
  wide.addEventListener("change", fit);
  fit();
  // There it lies over the page, as every menu does.
  document.addEventListener("click", (event) => { if (!wide.matches && !side.contains(event.target)) side.open = false; });
  side.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || wide.matches || !side.open) return;
    side.open = false;
    side.querySelector("summary").focus();
  });
}

// On a phone the partner's menu and the tabs of a record scroll sideways: where one is must be in sight.
for (const row of document.querySelectorAll(".portal-tabs, .portal-page-tabs")) {
  const [all, here] = [row, row.querySelector("[aria-current=page]")].map((part) => part?.getBoundingClientRect());
  if (here && here.right > all.right) row.scrollLeft += here.left - all.left - (all.width - here.width) / 2;
}

// Search: Ctrl+K anywhere; arrows walk through the hits.
const search = document.getElementById("search");
const openSearch = () => { if (!search.open) search.showModal(); const words = search.querySelector("input"); words.focus(); words.select(); };
if (search) {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") { event.preventDefault(); openSearch(); }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open-search]")) { event.preventDefault(); openSearch(); }
  });
  search.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const hits = [...search.querySelectorAll("[data-search-hit]")];
    if (hits.length === 0) return;
    event.preventDefault();
    const at = hits.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    if (at < 0) search.querySelector("input").focus(); else hits[Math.min(at, hits.length - 1)].focus();
  });
}
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-close-dialog]")) event.target.closest("dialog").close();
  if (event.target.matches("dialog.portal-dialog")) event.target.close();
});

// Acts that cannot be undone ask once: <button data-confirm="Text">.
const confirmDialog = document.getElementById("confirm");
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-confirm]");
  if (!button?.dataset.confirm || button.dataset.confirmed === "yes" || !confirmDialog) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  document.getElementById("confirm-text").textContent = button.dataset.confirm;
  confirmDialog.returnValue = "no";
  confirmDialog.showModal();
  confirmDialog.addEventListener("close", () => {
    if (confirmDialog.returnValue !== "yes") { button.focus(); return; }
    button.dataset.confirmed = "yes";
    button.click();
    delete button.dataset.confirmed;
  }, { once: true });
}, true);

// Notes. Others show one by: document.dispatchEvent(new CustomEvent("portal:note", { detail: "Saved." })), the server by the header HX-Trigger.
const notes = document.getElementById("toasts");
const showNote = (text) => {
  const note = document.createElement("div");
  note.className = "portal-toast";
  const words = document.createElement("span");
  words.textContent = text;
  note.append(words);
  notes.append(note);
  setTimeout(() => note.remove(), 8000);
};
document.addEventListener("portal:note", (event) => showNote(typeof event.detail === "string" ? event.detail : event.detail.value));
document.addEventListener("click", (event) => { if (event.target.closest("[data-dismiss-toast]")) event.target.closest(".portal-toast").remove(); });
document.addEventListener("htmx:sendError", () => showNote(notes.dataset.offline));
document.addEventListener("htmx:responseError", () => showNote(notes.dataset.failed));

// Every htmx write carries the form token of the page.
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get" && !event.detail.parameters.__RequestVerificationToken) event.detail.headers["X-Portal-Form"] = formToken();
});

// Theme: at once, and kept for the next page.
document.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-theme-choice]");
  if (!choice) return;
  event.preventDefault();
  const theme = choice.dataset.themeChoice;
  document.documentElement.dispatchEvent(new CustomEvent("portal:choose-theme", { detail: theme }));
  for (const other of document.querySelectorAll("[data-theme-choice]")) other.setAttribute("aria-pressed", String(other === choice));
  choice.closest("details").open = false;
  fetch("/preferences?handler=Theme", {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded", "X-Portal-Form": formToken(), "X-Portal-Script": "1" },
    body: new URLSearchParams({ theme }),
  });
});

// A form goes once: a second click waits for the answer of the first. The server would see through it anyway by the form's key.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
});
addEventListener("pageshow", () => { for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent; });
