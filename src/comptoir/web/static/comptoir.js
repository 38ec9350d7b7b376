/* What a page does beside being read: it stays true. The server draws everything; here regions marked data-live are
   fetched again when something has happened, or when a page's own script asks for it; times are told relative to now.
   Without this script every page works, it only does not move. */
"use strict";

(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const body = document.body;
  const says = JSON.parse($("#says").textContent);
  const language = document.documentElement.lang;
  const events = body.dataset.events;
  const EVERY = 250; // ms between two looks at the server

  /* ---- times ---- */

  const relative = new Intl.RelativeTimeFormat(language, { numeric: "always", style: "short" });
  const minute = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const second = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  const day = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const exact = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "medium", hourCycle: "h23" });

  function words(date, kind) {
    const ago = (Date.now() - date) / 1000;
    if (kind === "clock") return second.format(date);
    if (kind === "hour") return minute.format(date);
    if (kind !== "since" && ago < 45) return says.now;
    if (kind !== "since" && ago < 3600) return relative.format(-Math.max(1, Math.round(ago / 60)), "minute");
    return date.toDateString() === new Date().toDateString() ? minute.format(date) : day.format(date);
  }

  function tellTimes(root = document) {
    for (const time of all("time[datetime]", root)) {
      const date = new Date(time.dateTime);
      const text = words(date, time.dataset.as);
      if (time.textContent !== text) time.textContent = text;
      time.title = exact.format(date);
    }
  }

  /* ---- paper that cannot be drawn is shown as its text ---- */

  function paperText(image) {
    const text = document.createElement("pre");
    text.textContent = image.dataset.lost || image.alt || says.noPaper;
    image.replaceWith(text);
  }

  document.addEventListener("error", (event) => {
    if (event.target.matches?.(".sheet img")) paperText(event.target);
  }, true);

  function checkPapers() {
    for (const image of all(".sheet img")) if (image.complete && !image.naturalWidth && image.loading !== "lazy") paperText(image);
  }

  /* ---- regions that stay true ---- */

  const known = new Map(all("[data-live]").map((region) => [region.id, region.innerHTML]));
  const key = (node) => node.id || node.getAttribute("href") || node.form?.action || node.textContent.trim();
  let looking = false, again = false, due = 0;

  function replace(old, fresh) {
    const focused = old.contains(document.activeElement) ? key(document.activeElement) : null;
    const opened = all("details[open]", old).map((node, i) => key(node.querySelector("summary")) + i);
    for (const image of all("img", fresh)) {
      // The same picture stays the same element: it neither flickers nor loads again.
      const same = all("img", old).find((candidate) => candidate.src === image.src);
      if (same) image.replaceWith(same);
    }
    // What is ticked in a list belongs to a form elsewhere, and stays ticked.
    const ticked = new Set(all("input[form]:checked", old).map((box) => box.value));
    old.replaceChildren(...fresh.childNodes);
    for (const box of all("input[form]", old)) box.checked = ticked.has(box.value);
    all("details", old).forEach((node, i) => { if (opened.includes(key(node.querySelector("summary")) + i)) node.open = true; });
    if (focused) all("a, button, summary", old).find((node) => key(node) === focused)?.focus({ preventScroll: true });
    tellTimes(old);
    const outcome = $(".outcome", old);
    if (outcome) $("#spoken").textContent = outcome.innerText;
  }

  async function look() {
    if (looking) { again = true; return; }
    looking = true;
    again = false;
    try {
      const answer = await fetch(body.dataset.here, { headers: { Accept: "text/html" }, cache: "no-store" });
      if (answer.redirected && new URL(answer.url).pathname === "/signin") { location.reload(); return; }
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        for (const old of all("[data-live]")) {
          const fresh = page.getElementById(old.id);
          if (!fresh || known.get(old.id) === fresh.innerHTML) continue;
          // Not from under somebody who writes or chooses in it: the next look does it.
          if (old.contains(document.activeElement) && document.activeElement.matches("select, input:not([type=checkbox])")) continue;
          known.set(old.id, fresh.innerHTML);
          replace(old, document.importNode(fresh, true));
        }
      }
    } catch { /* the stream of events says that the link is lost */ } finally {
      looking = false;
      if (again) lookSoon();
    }
  }

  function lookSoon() {
    if (due) return;
    due = setTimeout(() => { due = 0; look(); }, looking ? EVERY : Math.max(0, EVERY - (Date.now() - lookSoon.last)));
    lookSoon.last = Date.now();
  }
  lookSoon.last = 0;
  // A page's own script has changed what is shown (data-here); `detail` is called when it is drawn.
  document.addEventListener("look", async (event) => { await look(); event.detail?.(); });

  /* ---- the stream of events ---- */

  const lost = $("#lost");
  let wasLost = false;

  function listen() {
    if (!events) return;
    const source = new EventSource(events);
    const job = body.dataset.job;
    source.addEventListener("job", (event) => {
      if (!job || String(JSON.parse(event.data).job) === job) lookSoon();
    });
    source.addEventListener("places", lookSoon);
    source.addEventListener("paper", showPapers);
    const folder = body.dataset.folders;
    if (folder !== undefined) source.addEventListener("folders", (event) => {
      if (!folder || JSON.parse(event.data).name === folder) lookSoon();
    });
    const about = body.dataset.documents;
    if (about !== undefined) source.addEventListener("documents", (event) => {
      const { number } = JSON.parse(event.data);
      if (!about || number === null || String(number) === about) lookSoon();
    });
    if (body.dataset.nights !== undefined) source.addEventListener("nights", lookSoon);
    if (body.dataset.captures !== undefined) source.addEventListener("captures", lookSoon);
    if (body.dataset.happened !== undefined) source.addEventListener("happened", lookSoon);
    source.addEventListener("open", () => {
      // What happened while nobody listened (since the page was drawn, or while the link was lost) is looked up.
      lost.hidden = true;
      wasLost = false;
      lookSoon();
      showPapers();
    });
    source.addEventListener("error", () => {
      if (!wasLost) {
        wasLost = true;
        const since = $("#lost-since");
        since.textContent = second.format(new Date());
      }
      lost.hidden = false;
      // A browser gives up for good when an answer is no stream: then it is asked again from here.
      if (source.readyState === EventSource.CLOSED) { source.close(); setTimeout(listen, 3000); }
    });
    addEventListener("pagehide", () => source.close());
  }

  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  /* ---- the papers of virtual printers ---- */

  async function showPapers() {
    for (const reel of all("[data-papers]")) {
      try {
        const answer = await fetch(reel.dataset.papers, { headers: { Accept: "application/json" } });
        if (!answer.ok) continue;
        const said = await answer.json();
        const papers = (Array.isArray(said) ? said : said.papers).slice(0, 12);
        if (!papers.length) continue;
        draw(reel, papers);
      } catch { /* what the server drew stays */ }
    }
  }

  function draw(reel, papers) {
    const first = reel.dataset.drawn === undefined;
    if (first) reel.replaceChildren();
    const shown = new Set(all("[data-number]", reel).map((node) => node.dataset.number));
    for (const paper of papers.toReversed?.() ?? papers.slice().reverse()) {
      if (shown.has(String(paper.number))) continue;
      const figure = document.createElement("figure");
      figure.dataset.number = paper.number;
      const time = document.createElement("time");
      time.dateTime = new Date(paper.at).toISOString();
      const caption = document.createElement("figcaption");
      caption.append(time);
      const sheet = document.createElement("div");
      sheet.className = first ? "paper" : "paper fresh";
      const inner = document.createElement("div");
      inner.className = "sheet";
      const image = new Image(576);
      image.alt = paper.text;
      image.src = paper.url;
      inner.append(image);
      sheet.append(inner);
      figure.append(caption, sheet);
      reel.prepend(figure);
    }
    reel.dataset.drawn = "";
    for (const node of all("[data-number]", reel).slice(12)) node.remove();
    tellTimes(reel);
  }

  // What came of an action is told once: the address that is left can be loaded again, or shared.
  const told = new URLSearchParams(location.search);
  if (["told", "saved", "paired", "changed", "installed"].some((one) => told.has(one))) history.replaceState(null, "", location.pathname + location.hash);

  tellTimes();
  checkPapers();
  setInterval(tellTimes, 15000);
  listen();
})();
