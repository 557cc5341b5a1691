// Forms with a file show how far they are: <form data-upload data-most="bytes" data-too-large="text">. Without script they are sent as any other form.

const note = (text) => document.dispatchEvent(new CustomEvent("portal:note", { detail: text }));

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("form[data-upload]")) return;
  const file = form.querySelector("input[type=file]")?.files[0];
  if (!file) return;
  event.preventDefault();
  if (file.size > Number(form.dataset.most)) {
    delete form.dataset.sent;
    note(form.dataset.tooLarge);
    return;
  }
  const progress = form.querySelector(".portal-upload-progress");
  const bar = progress.querySelector("progress");
  const percent = progress.querySelector("[role=status]");
  const stop = (text) => {
    delete form.dataset.sent;
    progress.hidden = true;
    note(text);
  };
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.responseType = "document";
  request.upload.addEventListener("progress", (step) => {
    if (!step.lengthComputable) return;
    bar.value = Math.floor((step.loaded / step.total) * 100);
    percent.textContent = `${bar.value} %`;
  });
  request.addEventListener("load", () => {
    const page = request.response;
    if (!page || request.status >= 400 && request.status !== 409) { stop(page?.querySelector("main p")?.textContent ?? document.getElementById("toasts").dataset.failed); return; }
    document.title = page.title;
    for (const part of ["main", ".breadcrumb"]) {
      const [old, fresh] = [document.querySelector(part), page.querySelector(part)];
      if (old && fresh) old.replaceWith(document.adoptNode(fresh));
    }
    document.getElementById("toasts").append(...page.getElementById("toasts").children);
    // In place of the form: going back leads to the page before it.
    history.replaceState(null, "", request.responseURL);
    const main = document.querySelector("main");
    (main.querySelector("[role=alert]") ?? main).focus();
    scrollTo(0, 0);
  });
  request.addEventListener("error", () => stop(document.getElementById("toasts").dataset.offline));
  progress.hidden = false;
  bar.value = 0;
  request.send(new FormData(form));
});
