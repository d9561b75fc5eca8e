// Under `communique serve --watch`: load the page again after a build, or show what kept the build from succeeding.
const { events: address, build } = document.currentScript.dataset;
const events = new EventSource(`${address}?${new URLSearchParams({ page: location.pathname, build })}`);
const shown = document.createElement("pre");
shown.setAttribute("role", "alert");
Object.assign(shown.style, {
  position: "fixed", insetInline: "0", insetBlockEnd: "0", margin: "0", padding: "1rem", maxHeight: "50vh",
  overflow: "auto", whiteSpace: "pre-wrap", zIndex: "9999", color: "#fff", background: "#7a1020",
  font: "0.875rem/1.5 ui-monospace, monospace",
});
let lost = false;
events.addEventListener("reload", () => location.reload());
events.addEventListener("failed", (event) => {
  shown.textContent = `The site was not built: this is the former one.\n\n${JSON.parse(event.data)}`;
  document.body.append(shown);
});
events.addEventListener("error", () => { lost = true; });
events.addEventListener("open", () => { if (lost) location.reload(); });
