/* What the archive's list does beside being read: it searches while one types, and is gone through by keyboard, with a
   preview beside on a wide screen. Without this script it is a form and a list of links. */
"use strict";

(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const field = $("#q"), finding = $(".finding");
  if (!field || !finding) return;
  const wide = matchMedia("(min-width: 1180px) and (hover: hover)");
  const AFTER = 150; // ms without a key
  let typed = 0;

  /* The address says what is shown; comptoir.js looks at it, and replaces what has changed. */
  function go(address) {
    document.body.dataset.here = address.pathname + address.search;
    history.replaceState(null, "", document.body.dataset.here);
    document.dispatchEvent(new Event("look"));
  }

  function at() { return new URL(document.body.dataset.here, location.origin); }

  /* ---- search while one types ---- */

  field.addEventListener("input", () => {
    clearTimeout(typed);
    typed = setTimeout(() => {
      const address = at();
      for (const name of ["below", "see"]) address.searchParams.delete(name);
      if (field.value.trim()) address.searchParams.set("q", field.value.trim()); else address.searchParams.delete("q");
      finding.classList.remove("seeing");
      go(address);
    }, AFTER);
  });

  /* ---- go through what was found ---- */

  const rows = () => all(".found li");
  const number = (row) => row.dataset.number;
  const current = () => $(".found li[aria-current]");

  function choose(row, look = true) {
    for (const one of rows()) one.toggleAttribute("aria-current", false);
    row.setAttribute("aria-current", "true");
    row.scrollIntoView({ block: "nearest" });
    $("a", row).focus({ preventScroll: true });
    if (!look || !wide.matches) return;
    finding.classList.add("seeing");
    const address = at();
    address.searchParams.set("see", number(row));
    go(address);
  }

  function step(by) {
    const there = rows(), now = current() ?? document.activeElement?.closest?.(".found li");
    const next = there[now ? there.indexOf(now) + by : by > 0 ? 0 : there.length - 1];
    if (next) choose(next); else if (by < 0) field.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const typing = event.target.matches("input:not([type=checkbox]), select, textarea");
    if (event.key === "ArrowDown" && (!typing || event.target === field)) { event.preventDefault(); step(1); }
    else if (event.key === "ArrowUp" && !typing) { event.preventDefault(); step(-1); }
    else if (typing) return;
    else if (event.key === "/") { event.preventDefault(); field.focus(); field.select(); }
    else if (event.key === "x" && current()) { $("input", current()).click(); }
    else if (event.key === "Escape" && finding.classList.contains("seeing")) {
      finding.classList.remove("seeing");
      const address = at();
      address.searchParams.delete("see");
      go(address);
    }
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".found a");
    if (!link || !wide.matches || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.detail !== 1) return;
    const row = link.closest("li");
    // The one that is looked at opens; another one is looked at first.
    if (row === current() && finding.classList.contains("seeing")) return;
    event.preventDefault();
    choose(row);
  });

  /* ---- what is ticked ---- */

  function tell() {
    const count = all(".found input:checked").length, line = $("#ticked");
    if (!line) return;
    line.textContent = count ? `${line.dataset.some} ${count}` : line.dataset.none;
    if (count) line.closest("details").open = true;
  }

  document.addEventListener("change", (event) => { if (event.target.matches(".found input")) tell(); });
  new MutationObserver(() => {
    tell();
    $("#spoken").textContent = $(".tally b, #found .empty")?.textContent ?? "";
  }).observe($("#found"), { childList: true });
  tell();
})();
