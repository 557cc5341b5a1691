// Runs before the first paint, so that a dark page never flashes white. The server has already set what the cookie says.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const chosen = root.dataset.theme;
    root.setAttribute("data-bs-theme", chosen === "dark" || (chosen !== "light" && system.matches) ? "dark" : "light");
    root.dispatchEvent(new CustomEvent("portal:theme"));
  };
  system.addEventListener("change", apply);
  root.addEventListener("portal:choose-theme", (event) => { root.dataset.theme = event.detail; apply(); });
  apply();
})();
