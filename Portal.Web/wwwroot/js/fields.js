// Look-up fields: words typed find records, a choice sets the id. Keyboard as in the ARIA combobox pattern.

let serial = 0;

const hitsOf = (box) => [...box.querySelectorAll("[role=option]:not([aria-disabled])")];
const close = (box) => {
  box.querySelector("[role=listbox]").replaceChildren();
  const words = box.querySelector("[role=combobox]");
  words.setAttribute("aria-expanded", "false");
  words.removeAttribute("aria-activedescendant");
};
const choose = (box, hit) => {
  const id = box.querySelector("input[type=hidden]");
  box.querySelector("[role=combobox]").value = hit.dataset.name;
  id.value = hit.dataset.id;
  close(box);
  id.dispatchEvent(new Event("change", { bubbles: true }));
};
const light = (box, at) => {
  const hits = hitsOf(box);
  hits.forEach((hit, i) => hit.setAttribute("aria-selected", String(i === at)));
  const words = box.querySelector("[role=combobox]");
  if (hits[at]) { words.setAttribute("aria-activedescendant", hits[at].id); hits[at].scrollIntoView({ block: "nearest" }); }
};
const find = async (box) => {
  const mine = ++serial;
  const words = box.querySelector("[role=combobox]");
  const answer = await fetch(`${box.dataset.url}?words=${encodeURIComponent(words.value)}`, { headers: { "X-Portal-Script": "1" } });
  if (mine !== serial || document.activeElement !== words || !answer.ok) return;
  const list = box.querySelector("[role=listbox]");
  list.innerHTML = await answer.text();
  hitsOf(box).forEach((hit, i) => { hit.id = `${list.id}-${i}`; });
  words.setAttribute("aria-expanded", "true");
};

let waiting;
document.addEventListener("input", (event) => {
  const box = event.target.matches("[role=combobox]") ? event.target.closest("[data-look-up]") : null;
  if (!box) return;
  const id = box.querySelector("input[type=hidden]");
  if (id.value !== "") { id.value = ""; if (event.target.value === "") id.dispatchEvent(new Event("change", { bubbles: true })); }
  clearTimeout(waiting);
  waiting = setTimeout(() => find(box), 150);
  event.stopPropagation();
}, true);
document.addEventListener("keydown", (event) => {
  const box = event.target.matches("[role=combobox]") ? event.target.closest("[data-look-up]") : null;
  if (!box) return;
  const hits = hitsOf(box);
  const at = hits.findIndex((hit) => hit.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" && hits.length === 0) { event.preventDefault(); find(box); }
  else if (event.key === "ArrowDown") { event.preventDefault(); light(box, Math.min(at + 1, hits.length - 1)); }
  else if (event.key === "ArrowUp") { event.preventDefault(); light(box, Math.max(at - 1, 0)); }
  else if (event.key === "Enter" && at >= 0) { event.preventDefault(); choose(box, hits[at]); }
  else if (event.key === "Escape" && hits.length > 0) { event.preventDefault(); event.stopPropagation(); close(box); }
});
document.addEventListener("mousedown", (event) => {
  const hit = event.target.closest("[data-look-up] [role=option]:not([aria-disabled])");
  if (hit) { event.preventDefault(); choose(hit.closest("[data-look-up]"), hit); }
});
// The first few show at a click, as the choices of a list would; whoever comes by the keyboard asks with the arrow.
document.addEventListener("click", (event) => {
  const box = event.target.matches("[role=combobox]") ? event.target.closest("[data-look-up]") : null;
  if (box && event.target.value === "" && hitsOf(box).length === 0) find(box);
});
document.addEventListener("focusout", (event) => {
  const box = event.target.closest?.("[data-look-up]");
  if (box && !box.contains(event.relatedTarget)) close(box);
});

// What is wrong, or was changed meanwhile, takes the focus, so that it is read first.
document.querySelector(".portal-summary, .portal-conflict")?.focus();
