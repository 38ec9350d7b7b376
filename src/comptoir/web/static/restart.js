/* A service that starts anew: go on when it is there. Without this script the page goes on after a few seconds. */
"use strict";

(async () => {
  const { back, moves } = document.body.dataset;
  /* At another port it cannot be asked: that would be a page of another site. It has this long to get there, and if it
     comes back to this port, the other one could not be had: the page here says why. In looks, of half a second. */
  const MOVED = 8;
  let gone = 0;
  for (let look = 0; ; look++) {
    try {
      await fetch("/healthz", { cache: "no-store" });
      // Still the old one, unless it was gone in between, or so quick that nobody saw it.
      if (gone) return location.replace("/config");
      if (moves === undefined && look > 8) return location.replace(back);
    } catch {
      if (moves !== undefined && ++gone > MOVED) return location.replace(back);
      gone ||= 1;
    }
    await new Promise((done) => setTimeout(done, 500));
  }
})();
