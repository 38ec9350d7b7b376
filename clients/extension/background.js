// Calls the station for the till's page: a call from here has an answer that can be read, and needs no permission of
// the page. It puts the button's script on the sites that the owner has chosen, and on no others.

import { openDrawer } from "./core/station.js";
import { orderReference } from "./core/till.js";
import { listenForAlarms, printed, registerPrints, sendAll } from "./prints.js";
import { languageOf, load, patternOf, save, siteOf } from "./settings.js";

const SCRIPT = "till";

/** Of these sites, which the owner has chosen, those that the browser lets us work on. */
async function allowed(sites) {
    const may = await Promise.all(sites.map((site) => chrome.permissions.contains({ origins: [patternOf(site)] })));
    return sites.filter((_, index) => may[index]);
}

async function allowedSites() {
    return allowed((await load()).sites);
}

async function register() {
    const matches = [...new Set((await allowedSites()).map(patternOf))];
    const known = (await chrome.scripting.getRegisteredContentScripts({ ids: [SCRIPT] })).length > 0;
    if (!matches.length) {
        return known && chrome.scripting.unregisterContentScripts({ ids: [SCRIPT] });
    }
    const script = { id: SCRIPT, matches, js: ["content.js"], runAt: "document_idle", persistAcrossSessions: true };
    return known ? chrome.scripting.updateContentScripts([script]) : chrome.scripting.registerContentScripts([script]);
}

// One after the other: two at once would register the same script twice.
let registering = Promise.resolve();
function registerSoon() {
    registering = registering
        .then(register)
        .then(() => registerPrints(allowed))
        .catch((error) => console.error("comptoir:", error));
    return registering;
}

chrome.runtime.onInstalled.addListener(registerSoon);
chrome.runtime.onStartup.addListener(registerSoon);
chrome.permissions.onAdded.addListener(registerSoon);
chrome.permissions.onRemoved.addListener(registerSoon);
chrome.storage.onChanged.addListener(registerSoon);

/** The sale of the page's own till: only its own world knows it. */
async function saleOf(sender) {
    try {
        const [found] = await chrome.scripting.executeScript({
            target: { tabId: sender.tab.id, frameIds: [sender.frameId] },
            world: "MAIN",
            func: orderReference,
        });
        return typeof found.result === "string" ? found.result.slice(0, 64) : "";
    } catch {
        return "";
    }
}

/** @returns what the page shows; a page that is not on the list gets nothing */
async function answer(message, sender) {
    const site = siteOf(sender.origin || sender.url || "");
    if (!sender.tab || !(await allowedSites()).includes(site)) {
        return null;
    }
    const settings = await load();
    if (message.ask === "settings") {
        return { cash: settings.cash, language: languageOf(settings) };
    }
    if (message.ask === "sale") {
        return saleOf(sender);
    }
    if (message.ask === "open") {
        return openDrawer(settings.station, { reason: message.reason, order: await saleOf(sender) });
    }
    return null;
}

listenForAlarms();
chrome.runtime.onStartup.addListener(sendAll);

chrome.runtime.onMessage.addListener((message, sender, respond) => {
    if (message.ask === "printed") {
        printed(sender, allowed);
        return false;
    }
    answer(message, sender).then(respond, () => respond(null));
    return true; // the answer comes later
});

// The button of the toolbar: use it on the site that is open.
chrome.action.onClicked.addListener(async (tab) => {
    const site = siteOf(tab.url || "");
    if (!site || !/^https?:/.test(tab.url)) {
        return chrome.runtime.openOptionsPage();
    }
    // Asked for at once: a browser grants nothing that is not asked for within the click.
    if (!(await chrome.permissions.request({ origins: [patternOf(site)] }))) {
        return undefined;
    }
    const { sites } = await load();
    await save({ sites: [...new Set([...sites, site])] });
    await registerSoon();
    return chrome.scripting.executeScript({ target: { tabId: tab.id }, files: ["content.js"] });
});
