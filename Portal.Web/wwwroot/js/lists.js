// Lists: filters act as they change, the address follows, selection is counted.

document.addEventListener("change", (event) => {
  const list = event.target.closest(".portal-list");
  if (!list) return;
  if (event.target.matches("[data-select-all]")) {
    for (const box of list.querySelectorAll(".portal-select")) box.checked = event.target.checked;
  }
  if (event.target.matches(".portal-select, [data-select-all]")) {
    const boxes = [...list.querySelectorAll(".portal-select")];
    const chosen = boxes.filter((box) => box.checked).length;
    const all = list.querySelector("[data-select-all]");
    if (all) { all.checked = chosen === boxes.length; all.indeterminate = chosen > 0 && chosen < boxes.length; }
    const count = list.querySelector("[data-selected-count]");
    if (count) count.textContent = count.dataset.selectedCount.replace("{0}", chosen);
  }
});

// A filter form leaves out what is empty, so that the address that is sent to a colleague stays short.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-short-address]")) return;
  const fields = [...event.target.elements].filter((field) => field.name && field.value === "" && !field.disabled);
  for (const field of fields) field.disabled = true;
  setTimeout(() => { for (const field of fields) field.disabled = false; });
});
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get" || !event.target.closest(".portal-list")) return;
  for (const [name, value] of Object.entries(event.detail.parameters)) if (value === "") delete event.detail.parameters[name];
});
