/** @odoo-module **/
// Asks a station to open its drawer and says what became of it, as a code that words.js has sentences for.
// It knows neither Odoo nor a browser's extension, and shows nothing.

/** How long an answer is waited for, ms. The station itself answers within little more than 2 s. */
export const PATIENCE = 10000;

/** What the station says of a pulse → whether the drawer is known to be open. */
const OUTCOMES = { opened: "good", "was-open": "good", processed: "good", sent: "unsure" };

/** An error's code → whether a pulse may have left. Codes that are not here: nothing is known. */
const ERRORS = {
    "not-allowed": "bad",
    "sign-in": "bad",
    "unknown-name": "bad",
    "too-many": "bad",
    "bad-request": "bad",
    drawer: "bad",
    "drawer-offline": "bad",
    "drawer-busy": "bad",
    "drawer-stuck": "bad",
    "drawer-unknown": "unsure",
    journal: "bad",
};

/** What the browser calls the permission to reach this machine, newest name first. */
const PERMISSIONS = ["loopback-network", "local-network-access"];

/**
 * The address of a station as it is called: without what stands behind the port.
 * @param {string} text as somebody wrote it: "localhost:22548", "https://localhost:22548/"
 * @returns {string} the origin; "" if it is none
 */
export function stationAddress(text) {
    const written = String(text || "").trim();
    try {
        const url = new URL(/^https?:\/\//i.test(written) ? written : `http://${written}`);
        // Some browsers take a host with blanks in it.
        return /^([\w.-]+|\[[\da-f:.]+\])$/i.test(url.hostname) ? url.origin : "";
    } catch {
        return "";
    }
}

/**
 * Open the drawer, once.
 * @param {string} address the station's origin, e.g. "http://localhost:22548"
 * @param {{reason?: string, order?: string, printer?: string}} order why, and for which sale
 * @param {{fetch?: typeof fetch, permissions?: Permissions, patience?: number}} browser for tests
 * @returns {Promise<{code: string, level: "good"|"unsure"|"bad", message: string, hint: string}>} never rejects
 */
export async function openDrawer(address, order, browser = {}) {
    const send = browser.fetch || globalThis.fetch.bind(globalThis);
    let answer;
    try {
        answer = await send(`${address}/api/drawer/open`, {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({
                reason: String(order.reason || "").slice(0, 200),
                order: String(order.order || "").slice(0, 64),
                printer: String(order.printer || ""),
            }),
            signal: AbortSignal.timeout(browser.patience || PATIENCE),
        });
        return interpret(answer.status, await answer.json());
    } catch (error) {
        if (error && error.name === "TimeoutError") {
            return result("no-answer", "unsure");
        }
        if (answer) {
            return result("not-a-station", "bad");
        }
        return result(await reasonOfSilence(address, send, browser.permissions), "bad");
    }
}

/**
 * What an answer of the station means.
 * @param {number} status of HTTP
 * @param {any} body the JSON that came
 */
export function interpret(status, body) {
    if (status < 400) {
        const outcome = body && body.outcome;
        return OUTCOMES[outcome] ? result(outcome, OUTCOMES[outcome]) : result("not-a-station", "bad");
    }
    const error = (body && body.error) || {};
    const known = ERRORS[error.code];
    return result(known ? error.code : "other", known || "unsure", error.message, error.hint);
}

/** Why a call has no answer that can be read: a page cannot see it, but it can try what else works. */
async function reasonOfSilence(address, send, permissions = globalThis.navigator && navigator.permissions) {
    try {
        // Something answers there; it is only that this page may not read it.
        await send(`${address}/healthz`, { mode: "no-cors", signal: AbortSignal.timeout(2000) });
        return "site-refused";
    } catch {
        if (!(await isForbidden(permissions))) {
            return "unreachable";
        }
        return globalThis.isSecureContext === false ? "insecure-page" : "permission-denied";
    }
}

/** Whether the browser says that this page may not reach this machine. Most browsers do not tell. */
async function isForbidden(permissions) {
    for (const name of permissions ? PERMISSIONS : []) {
        try {
            return (await permissions.query({ name })).state === "denied";
        } catch {
            // This browser does not know the permission by this name.
        }
    }
    return false;
}

function result(code, level, message = "", hint = "") {
    return { code, level, message: String(message), hint: String(hint) };
}
