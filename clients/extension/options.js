// The page on which the owner chooses sites, station and language.

import { stationAddress } from "./core/station.js";
import { canPrint } from "./prints.js";
import { load, patternOf, save, siteOf } from "./settings.js";

const field = (id) => document.getElementById(id);
const message = (name, ...parts) => chrome.i18n.getMessage(name, parts);

function say(name, level, ...parts) {
    field("said").textContent = message(name, ...parts);
    field("said").className = level;
}

async function show() {
    for (const element of document.querySelectorAll("[data-say]")) {
        element.textContent = message(element.dataset.say);
    }
    document.documentElement.lang = chrome.i18n.getUILanguage();
    document.title = message("title");
    field("origin").textContent = location.origin;
    const settings = await load();
    field("station").value = settings.station;
    field("sites").value = settings.sites.join("\n");
    field("printSites").value = settings.printSites.join("\n");
    field("printing").hidden = !canPrint();
    field("language").value = settings.language;
    field("cash").checked = settings.cash;
}

field("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const station = stationAddress(field("station").value);
    if (!station) {
        return say("badStation", "bad");
    }
    const linesOf = (id) => field(id).value.split("\n").filter((line) => line.trim());
    const lines = [...linesOf("sites"), ...linesOf("printSites")];
    const wrong = lines.find((line) => !siteOf(line));
    if (wrong) {
        return say("badSite", "bad", wrong.trim());
    }
    const sites = [...new Set(linesOf("sites").map(siteOf))];
    const printSites = [...new Set(linesOf("printSites").map(siteOf))];
    // Asked for within the click, for the sites and for a station that is on another machine.
    if (!(await chrome.permissions.request({ origins: [...sites, ...printSites, station].map(patternOf) }))) {
        return say("refused", "bad");
    }
    await save({ station, sites, printSites, language: field("language").value, cash: field("cash").checked });
    await show();
    return say("saved", "good");
});

show();
