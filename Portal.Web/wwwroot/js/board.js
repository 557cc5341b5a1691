// Boards: dragging a card does what its "move to" form does, by sending that form.

let library;
const load = () => library ??= new Promise((done, failed) => {
  const script = document.createElement("script");
  script.src = document.body.dataset.sortLibrary;
  script.onload = () => done(window.Sortable);
  script.onerror = failed;
  document.head.append(script);
});

const begin = async (root) => {
  const boards = [...root.querySelectorAll("[data-board=moves]:not([data-bound])")];
  if (boards.length === 0) return;
  const Sortable = await load();
  for (const board of boards) {
    board.dataset.bound = "yes";
    for (const lane of board.querySelectorAll("[data-lane]")) {
      new Sortable(lane, {
        group: "lanes", animation: 120, delay: 150, delayOnTouchOnly: true, filter: "select, button", preventOnFilter: false,
        onEnd: ({ item, from, to }) => {
          if (from === to) return;
          const form = item.querySelector("form");
          form.querySelector("select").value = to.dataset.lane;
          document.dispatchEvent(new CustomEvent("portal:note", { detail: board.dataset.moved.replace("{0}", item.querySelector("strong").textContent).replace("{1}", to.dataset.laneTitle) }));
          form.requestSubmit();
        },
      });
    }
  }
};

document.addEventListener("htmx:load", (event) => begin(event.target));
begin(document);
