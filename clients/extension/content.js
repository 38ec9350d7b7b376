// On the till's page: the button, the question why, and what the station answered. It calls nothing itself.

(async () => {
    if (globalThis.comptoirDrawer || !isTill(location)) {
        return;
    }
    globalThis.comptoirDrawer = true;
    const settings = await chrome.runtime.sendMessage({ ask: "settings" });
    if (!settings) {
        return;
    }
    const core = (name) => import(chrome.runtime.getURL(`core/${name}.js`));
    const [{ Panel, drawerButton }, { keepButton }, { sayResult, wordsOf }] = await Promise.all([
        core("panel"),
        core("till"),
        core("words"),
    ]);
    const words = wordsOf(settings.language);
    const panel = new Panel(document, words);
    let busy = false;

    const open = async (reason) => {
        if (busy) {
            return;
        }
        busy = true;
        panel.tell({ level: "", title: words.waiting, text: "" });
        const result = await chrome.runtime.sendMessage({ ask: "open", reason });
        busy = false;
        panel.tell(sayResult(result || { code: "other", level: "unsure" }, words));
    };

    const press = async () => {
        const reason = busy ? null : await panel.ask();
        if (reason !== null) {
            await open(reason);
        }
    };

    keepButton(document, () => drawerButton(document, words, press));
    if (settings.cash) {
        openOnCash(open, panel, words, sayResult);
    }
})();

/** The till of Odoo 15 to 19: …/pos/ui, …/pos/ui?config_id=1, …/pos/ui/1/product. */
function isTill({ pathname }) {
    return /\/pos\/(ui|web)(\/|$)/.test(pathname);
}

/** Once for a sale, when cash is chosen among the ways to pay. */
function openOnCash(open, panel, words, sayResult) {
    const opened = new Set();
    const tell = (code) => panel.tell(sayResult({ code, level: "unsure" }, words));
    document.addEventListener(
        "click",
        async (event) => {
            const method = event.target.closest && event.target.closest(".payment-method-display, .paymentmethod");
            if (!method || !method.querySelector('img[src*="money.png"]')) {
                return;
            }
            const sale = await chrome.runtime.sendMessage({ ask: "sale" });
            if (!sale) {
                tell("cash-unknown");
            } else if (opened.has(sale)) {
                tell("cash-once");
            } else {
                opened.add(sale);
                await open("cash");
            }
        },
        true
    );
}
