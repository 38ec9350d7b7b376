/* The log, as it goes on: new lines at its top. Without this script the page shows it as it was. */
"use strict";

(() => {
  const $ = (selector, root = document) => root.querySelector(selector);

  const log = $("[data-tail]");
  if (!log) return;
  const source = new EventSource(log.dataset.tail);
  let missed = false;
  source.addEventListener("line", (event) => {
    const line = JSON.parse(event.data);
    const item = document.createElement("li");
    if (line.tone) item.className = line.tone;
    for (const [name, text] of [["time", line.time], ["b", line.word]]) {
      if (!text) continue;
      const part = document.createElement(name);
      part.textContent = text;
      item.append(part, " ");
    }
    item.append(line.text);
    $(".empty", log)?.remove();
    // What belongs to a line stands below it.
    if (line.time || !log.firstElementChild) log.prepend(item); else log.firstElementChild.after(item);
    while (log.children.length > 500) log.lastElementChild.remove();
  });
  source.addEventListener("open", () => { if (missed) document.dispatchEvent(new Event("look")); missed = true; });
  addEventListener("pagehide", () => source.close());
})();
