"use strict";
(() => {
  const PER_PAGE = 60;
  const SVG = "http://www.w3.org/2000/svg";
  const rows = JSON.parse(document.getElementById("rows").textContent);
  const field = name => document.getElementById(name);
  const natural = new Intl.Collator("en", { numeric: true }).compare;
  const state = { view: "all", falling: false, page: 0 };
  const WORDS = ["search", "model", "batch", "sort"]; // fields that hold a word
  const TICKS = { outlines: true, lines: false }; // boxes, as they are at first

  const views = {
    all: () => true,
    outlined: row => row.lesions > 0,
    empty: row => row.lesions === 0,
    check: row => row.quality === "check" || row.quality === "poor",
    unlike: row => row.novelty === "foreign" || row.novelty === "unusual",
    failed: row => row.reason !== undefined,
  };

  rows.forEach(row => {
    row.words = [row.path, row.id, row.batch, row.model, row.reason, row.quality, row.novelty, ...(row.warnings || []),
      ...Object.values(row.given || {})]
      .filter(Boolean).join(" ").toLowerCase();
  });

  function chosen() {
    const words = field("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const model = field("model") ? field("model").value : "";
    const batch = field("batch") ? field("batch").value : "";
    const key = field("sort").value;
    const side = state.falling ? -1 : 1;
    const byPath = (a, b) => natural(a.path, b.path) || (a.frame || 0) - (b.frame || 0);
    return rows
      .filter(row => views[state.view](row) && words.every(word => row.words.includes(word))
        && (!model || row.model === model) && (!batch || row.batch === batch))
      .sort((a, b) => {
        if (key === "path") return side * byPath(a, b);
        const [x, y] = [a[key], b[key]];
        if (x == null || y == null) return (x == null) - (y == null) || byPath(a, b); // what has none comes last
        return side * (x - y) || byPath(a, b);
      });
  }

  function element(name, settings, ...children) {
    const made = document.createElement(name);
    Object.assign(made, settings);
    made.append(...children.filter(child => child !== null && child !== ""));
    return made;
  }

  function drawn(name, attributes) {
    const made = document.createElementNS(SVG, name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    return made;
  }

  function thumb(row) {
    const box = element("div", { className: "thumb" });
    if (!row.thumb) {
      box.append(element("span", { className: "missing" }, "cannot be shown"));
      return box;
    }
    const [picture, width, height, outline] = row.thumb;
    const svg = drawn("svg", { viewBox: `-0.5 -0.5 ${width} ${height}`, role: "img", "aria-label": row.path });
    svg.append(drawn("image", { href: picture, x: -0.5, y: -0.5, width, height }));
    if (outline) {
      svg.append(drawn("path", { d: outline, class: "halo" }), drawn("path", { d: outline, class: "edge" }));
    }
    box.append(svg);
    return box;
  }

  function tag(text, kind) {
    return element("span", { className: `tag ${kind || ""}` }, text);
  }

  const KINSHIP = { unusual: "unusual image", foreign: "unlike training" };
  const two = share => share.toFixed(2); // as everywhere else, also where a level is decided

  // What the order goes by stands on every image, where it does not anyhow.
  const ORDER = {
    area: share => `${(100 * share).toFixed(1)} % outlined`,
    presence: probability => `lesion ${two(probability)}`,
    distance: distance => `distance ${distance.toFixed(1)}`,
  };

  function tags(row) {
    const made = [];
    const key = field("sort").value;
    if (ORDER[key] && row[key] != null) made.push(tag(ORDER[key](row[key])));
    if (row.reason !== undefined) made.push(tag("not segmented", "bad"));
    if (row.quality) made.push(tag(`Dice ≈ ${two(row.dice)}`, row.quality === "likely good" ? "good" : "bad"));
    if (row.novelty && row.novelty !== "familiar") made.push(tag(KINSHIP[row.novelty], "bad"));
    if (row.agreeing !== undefined && row.agreeing !== row.features) {
      made.push(tag(`PyRadiomics ${row.agreeing}/${row.features}`, "bad"));
    }
    if (row.batch) made.push(tag(row.batch));
    return element("div", { className: "tags" }, ...made);
  }

  function finding(row) {
    if (row.reason !== undefined) return row.reason;
    if (!row.lesions) return "Nothing outlined.";
    return row.lesions === 1 ? row.size : `${row.lesions} lesions, largest ${row.size}`;
  }

  function card(row) {
    const start = row.path.lastIndexOf("/") + 1;
    const frame = row.frame === undefined ? "" : `, frame ${row.frame}`;
    const folder = [row.id, row.path.slice(0, start)].filter(Boolean).join(" · ");
    const name = element("div", {}, element("h2", {}, row.path.slice(start) + frame),
      element("p", { className: "folder soft" }, folder));
    if (row.given) {
      const said = Object.entries(row.given).map(([key, value]) => `${key} ${value}`).join(" · ");
      name.append(element("p", { className: "given soft", title: said }, said));
    }
    const notes = row.warnings ? element("details", {}, element("summary", {},
      row.warnings.length === 1 ? "1 note" : `${row.warnings.length} notes`), ...row.warnings.map(text => element("p", {}, text))) : null;
    const link = row.file ? element("p", { className: "seg" },
      element("a", { href: row.file }, "segmentation")) : null;
    return element("article", { className: "image" }, thumb(row),
      element("div", { className: "about" }, name, element("p", {}, finding(row)), tags(row), notes, link));
  }

  function show() {
    const found = chosen();
    const last = Math.max(0, Math.ceil(found.length / PER_PAGE) - 1);
    state.page = Math.min(state.page, last);
    const start = state.page * PER_PAGE;
    const here = found.slice(start, start + PER_PAGE);
    field("images").replaceChildren(...here.map(card));
    field("images").className = `${field("lines").checked ? "list" : ""} ${field("outlines").checked ? "" : "no-outlines"}`;
    const count = number => number.toLocaleString("en");
    field("shown").textContent = found.length
      ? `${count(start + 1)} to ${count(start + here.length)} of ${count(found.length)} images` : "No image fits. Search for less.";
    pages(last);
    document.querySelectorAll("[data-view]").forEach(button =>
      button.setAttribute("aria-pressed", String(button.dataset.view === state.view)));
    field("turn").textContent = state.falling ? "↓ falling" : "↑ rising";
    field("save").disabled = !found.length;
    remember();
  }

  function pages(last) {
    const go = page => { state.page = page; show(); window.scrollTo(0, 0); };
    const turn = step => element("button", {
      type: "button", disabled: state.page + step < 0 || state.page + step > last,
      onclick: () => go(state.page + step),
    }, step < 0 ? "← before" : "next →");
    const choice = element("select", { onchange: () => go(Number(choice.value)) },
      ...Array.from({ length: last + 1 }, (_, page) => element("option", { value: page }, `${page + 1}`)));
    choice.value = state.page;
    const where = element("label", {}, "page ", choice, ` of ${last + 1}`);
    field("pages").replaceChildren(...(last ? [turn(-1), where, turn(1)] : []));
  }

  // What is shown stands behind the # of the address, so that it is there again after a reload or from a bookmark.
  function remember() {
    const said = new URLSearchParams();
    if (state.view !== "all") said.set("view", state.view);
    WORDS.filter(name => field(name) && field(name).value && !(name === "sort" && field(name).value === "path"))
      .forEach(name => said.set(name, field(name).value));
    Object.entries(TICKS).filter(([name, first]) => field(name).checked !== first)
      .forEach(([name, first]) => said.set(name, first ? "no" : "yes"));
    if (state.falling) said.set("order", "falling");
    if (state.page) said.set("page", state.page + 1);
    history.replaceState(null, "", `#${said}`);
  }

  function recall() {
    const said = new URLSearchParams(location.hash.slice(1));
    if (said.get("view") in views) state.view = said.get("view");
    WORDS.filter(name => field(name) && said.has(name)).forEach(name => { field(name).value = said.get(name); });
    if (!field("sort").value) field("sort").value = "path";
    Object.entries(TICKS).forEach(([name, first]) => { field(name).checked = said.has(name) ? !first : first; });
    state.falling = said.get("order") === "falling";
    state.page = Math.max(0, (parseInt(said.get("page"), 10) || 1) - 1);
  }

  // The images that are shown, on all pages and in this order: a list that the command cohort takes for its source.
  function save() {
    const columns = ["path", "frame", "id", "batch", "model"];
    const cell = value => `"${String(value === undefined ? "" : value).replaceAll('"', '""')}"`;
    const lines = [columns, ...chosen().map(row => columns.map(name => row[name]))].map(line => line.map(cell).join(","));
    const address = URL.createObjectURL(new Blob([`${lines.join("\n")}\n`], { type: "text/csv" }));
    element("a", { href: address, download: `${state.view}.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  }

  function again() {
    state.page = 0;
    show();
  }

  document.querySelectorAll("[data-view]").forEach(button =>
    button.addEventListener("click", () => { state.view = button.dataset.view; again(); }));
  field("turn").addEventListener("click", () => { state.falling = !state.falling; again(); });
  field("tools").addEventListener("submit", event => event.preventDefault());
  field("tools").addEventListener("input", again);
  field("save").addEventListener("click", save);
  window.addEventListener("hashchange", () => { recall(); show(); });
  recall();
  show();
})();
