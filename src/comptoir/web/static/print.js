/* Print: sends without leaving the page, and shows what becomes of it. Without this script the form is posted. */
"use strict";

(() => {
  const $ = (selector, root = document) => root.querySelector(selector);

  const form = $("#send");
  const body = document.body;
  const says = JSON.parse($("#says").textContent);
  let pending = null; // what was sent without an answer: sent again, it keeps its key

  function uuid() {
    if (crypto.randomUUID) return crypto.randomUUID();
    return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function flash(text, detail) {
    const area = $("#flash");
    area.replaceChildren();
    if (!text) return;
    const box = document.createElement("div");
    box.className = "flash bad";
    box.setAttribute("role", "alert");
    const inside = document.createElement("div");
    const line = document.createElement("p");
    const strong = document.createElement("strong");
    strong.textContent = text;
    line.append(strong);
    inside.append(line);
    if (detail) {
      const own = document.createElement("p");
      own.className = "detail";
      own.textContent = detail;
      inside.append(own);
    }
    box.append(inside);
    area.append(box);
  }

  async function send() {
    const content = form.elements.content.value;
    const [station = "", ...rest] = (form.elements.place?.value ?? "").split("/");
    const order = JSON.stringify({ content, ...(station && { station }), ...(rest[0] && { printer: rest.join("/") }) });
    if (pending?.order !== order) pending = { order, key: uuid() };
    const headers = { "Content-Type": "application/json", "Idempotency-Key": pending.key };
    const token = form.elements.csrf?.value;
    if (token) headers["X-CSRF-Token"] = token;
    const answer = await fetch("/print", { method: "POST", headers, body: order });
    const said = await answer.json();
    pending = null;
    if (!answer.ok) {
      // Refused for what it says: the server draws the same refusal in the reader's language.
      if ([400, 404, 413, 422].includes(answer.status)) return form.submit();
      const { code, message, hint } = said.error;
      return flash(says.errors[code] ?? message, says.errors[code] ? `${message}. ${hint}` : hint);
    }
    flash("");
    form.elements.content.value = "";
    body.dataset.here = `/?sent=${said.id}`;
    history.replaceState(null, "", body.dataset.here);
    await new Promise((drawn) => document.dispatchEvent(new CustomEvent("look", { detail: drawn })));
    $("#sent .paper")?.classList.add("fresh");
    if (innerWidth <= 760) $("#sent").scrollIntoView({ block: "start" });
  }

  if (form) {
    const button = $("button", form);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (button.disabled) return;
      button.disabled = true;
      try { await send(); } catch { flash(says.unreachable); } finally {
        button.disabled = false;
        form.elements.content.focus({ preventScroll: true });
      }
    });
    form.elements.content.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
  }
})();
