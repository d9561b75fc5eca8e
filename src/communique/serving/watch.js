// Under `communique serve --watch`: load the page again after a build, or show what kept the build from succeeding.
// A browser has six connections to a host, for all tabs together: so only pages that are shown listen, and one that is
// shown again is told at once whether it is of another build than it should be.
{
  const { events: address, build } = document.currentScript.dataset;
  const url = `${address}?${new URLSearchParams({ page: location.pathname, build })}`;
  const shown = document.createElement("pre");
  shown.setAttribute("role", "alert");
  Object.assign(shown.style, {
    position: "fixed", insetInline: "0", insetBlockEnd: "0", margin: "0", padding: "1rem", maxHeight: "50vh",
    overflow: "auto", whiteSpace: "pre-wrap", zIndex: "9999", color: "#fff", background: "#7a1020",
    font: "0.875rem/1.5 ui-monospace, monospace",
  });
  let events;
  const listen = () => {
    events?.close();
    if (document.hidden) return;
    events = new EventSource(url);
    events.addEventListener("reload", () => location.reload());
    events.addEventListener("failed", (event) => {
      const { language, words, trouble } = JSON.parse(event.data);
      const heading = Object.assign(document.createElement("span"), { lang: language, textContent: words });
      shown.replaceChildren(heading, `\n\n${trouble}`);
      document.body.append(shown);
    });
  };
  document.addEventListener("visibilitychange", listen);
  listen();
}
