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

  // Headings sort the rows that are shown; they are buttons, so that the keyboard does it, too.
  const names = new Intl.Collator(document.documentElement.lang, { numeric: true });

  function valueOf(cell, isNumber) {
    const time = cell.querySelector("time[datetime]");
    if (time) {
      return Date.parse(time.dateTime);
    }
    const text = cell.textContent.trim();
    if (!isNumber) {
      return text;
    }
    // All digits of an amount count, so as a whole number it is exact.
    const digits = text.replace(/\D/g, "");
    return digits === "" ? null : BigInt((/^[-−]/.test(text) ? "-" : "") + digits);
  }

  function compare(one, other) {
    if (typeof one === "string" && typeof other === "string") {
      return names.compare(one, other);
    }
    return one < other ? -1 : one > other ? 1 : 0;
  }

  function sortBy(heading) {
    const isDescending = heading.getAttribute("aria-sort") === "ascending";
    const body = heading.closest("table").tBodies[0];
    const isNumber = heading.classList.contains("number");
    const rows = [...body.rows].map((row) => [valueOf(row.cells[heading.cellIndex], isNumber), row]);
    rows.sort(([one], [other]) => (isDescending ? compare(other, one) : compare(one, other)));
    for (const other of heading.parentElement.cells) {
      other.removeAttribute("aria-sort");
    }
    heading.setAttribute("aria-sort", isDescending ? "descending" : "ascending");
    body.append(...rows.map(([, row]) => row));
  }

  function letSort(root) {
    for (const heading of root.querySelectorAll("thead th")) {
      // What is replaced every few seconds would lose its order.
      if (heading.closest("[hx-get], [data-live]") || heading.closest("table").tBodies[0].rows.length < 2) {
        continue;
      }
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...heading.childNodes);
      button.addEventListener("click", () => sortBy(heading));
      heading.append(button);
    }
  }

  // The node's last hour: all of it at first, then what is new.
  function drawHour(section) {
    const HOUR = 3600;
    let samples = [];
    const plots = [...section.querySelectorAll(".chart")].map((chart) => {
      const names = chart.dataset.lines.split(" ");
      const labels = chart.dataset.labels.split("|");
      const colors = [getComputedStyle(chart).color, getComputedStyle(chart).getPropertyValue("--second")];
      const muted = getComputedStyle(chart).getPropertyValue("--muted");
      const unit = chart.dataset.unit ? " " + chart.dataset.unit : "";
      const axis = { stroke: muted, grid: { stroke: muted, width: 0.1 }, ticks: { stroke: muted, width: 0.1 } };
      const size = () => ({ width: chart.clientWidth, height: 200 });
      const plot = new uPlot(
        {
          ...size(),
          axes: [axis, { ...axis, size: 60 }],
          scales: { y: { range: (_, __, most) => [0, Math.max(most ?? 0, 1)] } },
          series: [
            {},
            ...names.map((name, at) => ({
              label: labels[at],
              stroke: colors[at],
              width: 2,
              value: (_, number) => (number == null ? "–" : number.toFixed(1) + unit),
            })),
          ],
        },
        [[], ...names.map(() => [])],
        chart,
      );
      new ResizeObserver(() => plot.setSize(size())).observe(chart);
      return { plot, names };
    });

    async function refresh() {
      const last = samples.at(-1)?.at ?? 0;
      const answer = await fetch(section.dataset.history + "?since=" + last, { headers: { "HX-Request": "true" } });
      if (!answer.ok) {
        return;
      }
      const fresh = (await answer.json()).filter((sample) => sample.at > (samples.at(-1)?.at ?? 0));
      samples = [...samples, ...fresh].filter((sample) => sample.at > fresh.at(-1)?.at - HOUR || !fresh.length);
      for (const { plot, names } of plots) {
        plot.setData([samples.map((sample) => sample.at), ...names.map((name) => samples.map((sample) => sample[name]))]);
      }
    }

    refresh();
    return refresh;
  }

  function markStale(isStale) {
    for (const note of document.querySelectorAll(".stale")) {
      note.hidden = !isStale;
    }
  }

  // Figures as the bank sends them, while the page is seen. A browser opens a stream again when it
  // broke; where none is answered, the figures are fetched.
  function keepLive(part) {
    const AGAIN = 5000;
    let stream = null;
    let staleSoon = null;

    function open() {
      if (stream || document.hidden) {
        return;
      }
      stream = new EventSource(part.dataset.live);
      stream.addEventListener("figures", (event) => {
        part.innerHTML = event.data;
        shown(part);
      });
      stream.addEventListener("open", () => clearTimeout(staleSoon));
      stream.addEventListener("error", () => {
        clearTimeout(staleSoon);
        staleSoon = setTimeout(() => markStale(true), AGAIN);
        if (stream?.readyState === EventSource.CLOSED) {
          stream = null;
          setTimeout(open, AGAIN);
          htmx.ajax("GET", part.dataset.figures, { target: part, swap: "innerHTML" });
        }
      });
    }

    function close() {
      stream?.close();
      stream = null;
    }

    document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
    addEventListener("pagehide", close);
    addEventListener("pageshow", open);
    open();
  }

  function shown(part) {
    markStale(false);
    showTimes(part);
    letSort(part);
    refreshHour?.();
  }

  document.addEventListener("htmx:afterSwap", (event) => shown(event.target));
  // What is not seen is not refreshed.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const trigger = event.detail.elt.getAttribute("hx-trigger") ?? "";
    if (document.hidden && trigger.includes("every")) {
      event.preventDefault();
    }
  });
  document.addEventListener("htmx:responseError", () => markStale(true));
  document.addEventListener("htmx:sendError", () => markStale(true));

  function markCurrentPage() {
    const path = location.pathname;
    for (const link of document.querySelectorAll("header nav a")) {
      if (path === link.pathname || (link.pathname !== "/console" && path.startsWith(link.pathname + "/"))) {
        link.setAttribute("aria-current", "page");
      }
    }
  }

  markCurrentPage();
  showTimes(document);
  letSort(document);
  document.querySelectorAll("[data-balances]").forEach(draw);
  const hour = document.querySelector("[data-history]");
  const refreshHour = hour && drawHour(hour);
  document.querySelectorAll("[data-live]").forEach(keepLive);
})();
