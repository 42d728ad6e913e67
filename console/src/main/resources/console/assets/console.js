// Times in the reader's own zone, charts, and whether what is live still is.
(() => {
  "use strict";

  const local = new Intl.DateTimeFormat(document.documentElement.lang, {
    dateStyle: "medium",
    timeStyle: "medium",
  });

  function showTimes(root) {
    for (const time of root.querySelectorAll("time[datetime]")) {
      time.textContent = local.format(new Date(time.dateTime));
    }
  }

  async function draw(chart) {
    const answer = await fetch(chart.dataset.balances, { headers: { "HX-Request": "true" } });
    if (!answer.ok) {
      return;
    }
    const { currency, times, balances } = await answer.json();
    if (times.length < 2) {
      return;
    }
    const color = getComputedStyle(chart).color;
    const axis = { stroke: color, grid: { stroke: color, width: 0.1 }, ticks: { stroke: color, width: 0.1 } };
    const size = () => ({ width: chart.clientWidth, height: 240 });
    const plot = new uPlot(
      {
        ...size(),
        axes: [axis, { ...axis, size: 90 }],
        series: [
          {},
          {
            label: currency,
            stroke: color,
            width: 2,
            paths: uPlot.paths.stepped({ align: 1 }),
            // The amount as the bank wrote it: the number is for the picture only.
            value: (_, __, ___, at) => (at == null ? "–" : balances[at]),
          },
        ],
      },
      [times, balances.map(Number)],
      chart,
    );
    new ResizeObserver(() => plot.setSize(size())).observe(chart);
  }

  function markStale(isStale) {
    for (const note of document.querySelectorAll(".stale")) {
      note.hidden = !isStale;
    }
  }

  document.addEventListener("htmx:afterSwap", (event) => {
    markStale(false);
    showTimes(event.target);
  });
  // What is not seen is not refreshed.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const trigger = event.detail.elt.getAttribute("hx-trigger") ?? "";
    if (document.hidden && trigger.includes("every")) {
      event.preventDefault();
    }
  });
  document.addEventListener("htmx:responseError", () => markStale(true));
  document.addEventListener("htmx:sendError", () => markStale(true));

  showTimes(document);
  document.querySelectorAll(".chart").forEach(draw);
})();
