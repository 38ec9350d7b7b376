// What the owner has chosen, as it is kept by the browser. No calls, no pages.

export const DEFAULTS = { station: "http://localhost:22548", sites: [], printSites: [], language: "", cash: false };

/** @returns {Promise<typeof DEFAULTS>} */
export async function load() {
    return { ...DEFAULTS, ...(await chrome.storage.local.get(DEFAULTS)) };
}

/** @param {Partial<typeof DEFAULTS>} changes */
export async function save(changes) {
    await chrome.storage.local.set(changes);
}

/** @returns {string} the origin of a site as somebody wrote it; "" if it is none */
export function siteOf(text) {
    try {
        const written = text.trim();
        const url = new URL(/^https?:\/\//i.test(written) ? written : `https://${written}`);
        return /^([\w.-]+|\[[\da-f:.]+\])$/i.test(url.hostname) ? url.origin : "";
    } catch {
        return "";
    }
}

/** @returns {string} the pattern by which a browser gives a right on a site: patterns know no port */
export function patternOf(origin) {
    const { protocol, hostname } = new URL(origin);
    return `${protocol}//${hostname}/*`;
}

/** The language of what is said, in the till too. */
export function languageOf(settings) {
    return settings.language || chrome.i18n.getUILanguage();
}
