// Sends what is printed on chosen sites to the station, as a PDF with its title and address. It draws the page anew, as
// it is when the print dialogue has closed: it cannot see what the dialogue made of it, nor whether it was cancelled.

import { load, patternOf, siteOf } from "./settings.js";

const SCRIPTS = [
    { id: "prints-page", js: ["printing-page.js"], world: "MAIN" },
    { id: "prints", js: ["printing.js"], world: "ISOLATED" },
];
const ALARM = "prints";
/** A print is told twice by the page, at most: ms between both. */
const TWICE = 1500;
/** Waiting PDFs in all, bytes: a station that is away for long must not fill the disk. */
const MOST = 200 * 1024 * 1024;
const PATIENCE = 30000;
/** Letters of a title and of an address: with more the station would refuse the request for its length. */
const LONGEST = { title: 300, address: 1500 };
/** Answers that are about one print: the others need not wait for it. */
const ABOUT_THIS = [400, 409, 413];

/** Without this right, given when the extension is packed so, nothing of this is offered. */
export const canPrint = () => Boolean(chrome.debugger);

export async function registerPrints(allowed) {
    const { printSites } = await load();
    const sites = canPrint() ? await allowed(printSites) : [];
    const matches = [...new Set(sites.map(patternOf))];
    const known = await chrome.scripting.getRegisteredContentScripts({ ids: SCRIPTS.map((one) => one.id) });
    if (known.length) {
        await chrome.scripting.unregisterContentScripts({ ids: known.map((one) => one.id) });
    }
    if (matches.length) {
        const how = { matches, runAt: "document_start", allFrames: false, persistAcrossSessions: true };
        await chrome.scripting.registerContentScripts(SCRIPTS.map((one) => ({ ...one, ...how })));
    }
}

const lately = new Map(); // tab → when it printed last

/** The page of a tab has printed. */
export async function printed(sender, allowed) {
    const { printSites } = await load();
    const site = siteOf(sender.origin || sender.url || "");
    const sites = await allowed(printSites);
    const tab = sender.tab;
    if (!tab || sender.frameId !== 0 || !sites.includes(site)) {
        return;
    }
    const now = Date.now();
    if (now - (lately.get(tab.id) || 0) < TWICE) {
        return;
    }
    lately.set(tab.id, now);
    try {
        const pdf = await pdfOf(tab.id);
        const at = { title: tab.title || "", address: (tab.url || "").split("#")[0], key: crypto.randomUUID() };
        await put({ ...at, pdf });
    } catch (error) {
        return badge("!", chrome.i18n.getMessage("printFailed", [String(error.message || error)]));
    }
    await sendAll();
}

async function pdfOf(tabId) {
    const target = { tabId };
    await chrome.debugger.attach(target, "1.3");
    try {
        const { data } = await chrome.debugger.sendCommand(target, "Page.printToPDF", {
            printBackground: true,
            preferCSSPageSize: true,
            transferMode: "ReturnAsBase64",
        });
        return Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    } finally {
        await chrome.debugger.detach(target).catch(() => {});
    }
}

// -- what waits for the station ---------------------------------------------------------------------------------------

function opened() {
    return new Promise((resolve, reject) => {
        const request = indexedDB.open("prints", 1);
        request.onupgradeneeded = () => request.result.createObjectStore("waiting", { autoIncrement: true });
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
}

async function stored(mode, work) {
    const database = await opened();
    try {
        return await new Promise((resolve, reject) => {
            const change = database.transaction("waiting", mode);
            const found = work(change.objectStore("waiting"));
            change.oncomplete = () => resolve(found.result);
            change.onerror = change.onabort = () => reject(change.error);
        });
    } finally {
        database.close();
    }
}

async function put(print) {
    const waiting = (await stored("readonly", (store) => store.getAll())) || [];
    if (waiting.reduce((sum, one) => sum + one.pdf.length, print.pdf.length) > MOST) {
        throw new Error(chrome.i18n.getMessage("tooMany"));
    }
    await stored("readwrite", (store) => store.add(print));
}

let sending = Promise.resolve();
/** One after the other, oldest first; what the station does not take stays and is sent again. */
export function sendAll() {
    sending = sending.then(sendThem).catch((error) => badge("!", String(error.message || error)));
    return sending;
}

async function sendThem() {
    const keys = await stored("readonly", (store) => store.getAllKeys());
    let [left, why] = [keys.length, ""];
    for (const key of keys) {
        const print = await stored("readonly", (store) => store.get(key));
        const { trouble, alone } = print ? await send(print) : {};
        if (!trouble) {
            await stored("readwrite", (store) => store.delete(key));
            left -= 1;
            continue;
        }
        why = trouble;
        if (!alone) {
            break;
        }
    }
    await (left ? chrome.alarms.create(ALARM, { periodInMinutes: 1 }) : chrome.alarms.clear(ALARM));
    return badge(left ? String(left) : "", why);
}

/** @returns why it was not taken, "" when the station has it on disk; and whether that is about this print alone */
async function send({ title, address, key, pdf }) {
    const { station } = await load();
    const said = { title: title.slice(0, LONGEST.title), address: address.slice(0, LONGEST.address) };
    const query = new URLSearchParams({ source: "browser", ...said });
    try {
        const answer = await fetch(`${station}/api/documents?${query}`, {
            method: "POST",
            headers: { "Content-Type": "application/pdf", "Idempotency-Key": key },
            body: pdf,
            signal: AbortSignal.timeout(PATIENCE),
        });
        if (answer.ok) {
            return { trouble: "" };
        }
        const { error } = await answer.json().catch(() => ({}));
        const trouble = (error && error.message) || `HTTP ${answer.status}`;
        return { trouble, alone: ABOUT_THIS.includes(answer.status) };
    } catch {
        return { trouble: chrome.i18n.getMessage("stationAway") };
    }
}

async function badge(text, title) {
    await chrome.action.setBadgeText({ text });
    await chrome.action.setTitle({ title: title || chrome.i18n.getMessage("action") });
}

export function listenForAlarms() {
    chrome.alarms?.onAlarm.addListener((alarm) => alarm.name === ALARM && sendAll());
}
