/** @odoo-module **/
// The button, the question why, and the message with the result: in shadow trees of their own, so that neither the
// till's styles nor its scripts change them, and none of theirs changes the till.

const STYLE = `
:host { all: initial; font-family: system-ui, sans-serif; }
* { box-sizing: border-box; font: inherit; }
button { min-height: 48px; padding: 0 16px; border: 1px solid #8a8f98; border-radius: 6px; background: #fff; color: #1d2129;
    cursor: pointer; font-size: 16px; }
button:hover { background: #eef1f5; }
button:focus-visible, input:focus-visible { outline: 3px solid #2563eb; outline-offset: 1px; }
button[disabled] { opacity: .6; cursor: default; }
button.main { background: #1f4e8c; border-color: #1f4e8c; color: #fff; }
dialog { border: 0; border-radius: 10px; padding: 20px; width: min(440px, calc(100vw - 32px)); color: #1d2129; background: #fff;
    box-shadow: 0 10px 40px #0006; font-size: 16px; }
dialog::backdrop { background: #0008; }
h2 { margin: 0 0 12px; font-size: 20px; font-weight: 600; }
.reasons { display: grid; gap: 8px; margin-bottom: 12px; }
.reasons button { text-align: left; }
input { width: 100%; min-height: 48px; padding: 0 12px; border: 1px solid #8a8f98; border-radius: 6px; font-size: 16px;
    background: #fff; color: #1d2129; }
.ends { display: flex; gap: 8px; justify-content: flex-end; margin-top: 16px; }
.toast { position: fixed; z-index: 2147483647; right: 16px; bottom: 16px; width: min(420px, calc(100vw - 32px)); padding: 14px 16px;
    border-radius: 8px; border-left: 8px solid #5b6472; background: #fff; color: #1d2129; box-shadow: 0 6px 30px #0005;
    font-size: 16px; line-height: 1.4; display: flex; gap: 12px; align-items: flex-start; }
.toast[hidden] { display: none; }
.toast.good { border-color: #1a7f37; } .toast.unsure { border-color: #b35900; } .toast.bad { border-color: #b42318; }
.toast strong { display: block; font-weight: 600; }
.toast div { flex: 1; }
.toast button { min-height: 36px; padding: 0 10px; font-size: 14px; }
`;

/** How long good news stays, ms. What somebody must act on stays until it is closed. */
const GOOD_STAYS = 5000;

function shadow(host) {
    const root = host.attachShadow({ mode: "open" });
    const style = host.ownerDocument.createElement("style");
    style.textContent = STYLE;
    root.append(style);
    return root;
}

function make(document, tag, properties = {}, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
}

/**
 * The button as an element that can stand anywhere.
 * @param {Document} document
 * @param {{button: string}} words
 * @param {() => void} press called when somebody presses it
 */
export function drawerButton(document, words, press) {
    const host = make(document, "comptoir-drawer-button");
    host.style.cssText = "display:inline-block;flex:0 0 auto";
    const button = make(document, "button", { type: "button", textContent: words.button });
    // What is meant for this button must not press another one of the till's, nor its barcode reader.
    button.addEventListener("click", (event) => {
        event.stopPropagation();
        press();
    });
    button.addEventListener("keydown", (event) => event.stopPropagation());
    shadow(host).append(button);
    return host;
}

/** Asks and tells. One for a page. */
export class Panel {
    constructor(document, words) {
        this.words = words;
        this.document = document;
        this.host = make(document, "comptoir-drawer-panel");
        const root = shadow(this.host);
        this.dialog = make(document, "dialog");
        this.toast = make(document, "div", { className: "toast", hidden: true });
        this.toast.setAttribute("role", "status");
        root.append(this.dialog, this.toast);
        // A till reads barcodes from the keyboard; what is typed here is none.
        for (const kind of ["keydown", "keyup", "keypress"]) {
            this.host.addEventListener(kind, (event) => event.stopPropagation());
        }
        document.body.append(this.host);
    }

    /** @returns {Promise<string|null>} the reason; null: somebody thought better of it */
    ask() {
        if (this.dialog.open) {
            return Promise.resolve(null);
        }
        const { words, document } = this;
        return new Promise((resolve) => {
            const done = (reason) => {
                this.dialog.close();
                resolve(reason);
            };
            const field = make(document, "input", { type: "text", maxLength: 200, placeholder: words.other });
            field.setAttribute("aria-label", words.other);
            const form = make(document, "form", { method: "dialog" });
            const reasons = words.reasons.map((reason) =>
                make(document, "button", { type: "button", textContent: reason, onclick: () => done(reason) })
            );
            const open = make(document, "button", { type: "submit", className: "main", textContent: words.open });
            const cancel = make(document, "button", { type: "button", textContent: words.cancel, onclick: () => done(null) });
            form.append(
                make(document, "div", { className: "reasons" }, ...reasons),
                field,
                make(document, "div", { className: "ends" }, cancel, open)
            );
            form.onsubmit = (event) => {
                event.preventDefault();
                if (field.value.trim()) {
                    done(field.value.trim());
                } else {
                    field.focus();
                }
            };
            this.dialog.oncancel = () => resolve(null);
            const title = make(document, "h2", { id: "why", textContent: words.question });
            this.dialog.setAttribute("aria-labelledby", "why");
            this.dialog.replaceChildren(title, form);
            this.dialog.showModal();
        });
    }

    /** @param {{level: string, title: string, text: string}} said of words.js */
    tell({ level, title, text }) {
        const { document } = this;
        clearTimeout(this.timer);
        const close = make(document, "button", { type: "button", textContent: this.words.close });
        close.onclick = () => {
            this.toast.hidden = true;
        };
        this.toast.className = `toast ${level}`;
        this.toast.replaceChildren(make(document, "div", {}, make(document, "strong", { textContent: title }), text), close);
        this.toast.hidden = false;
        if (level === "good") {
            this.timer = setTimeout(() => close.click(), GOOD_STAYS);
        }
    }
}
