/** @odoo-module **/
// What is said to people, in French and English. A result's code has a heading and what to do about it.

const EN = {
    button: "Open the drawer",
    question: "Why is the drawer opened?",
    reasons: ["Change", "Mistake at the till", "Check of the cash", "Deposit or withdrawal"],
    other: "Another reason",
    cancel: "Cancel",
    open: "Open",
    close: "Close",
    waiting: "The drawer is asked to open…",
    results: {
        opened: ["The drawer is open", "Its sensor says so."],
        "was-open": ["The drawer was open already", ""],
        processed: ["The drawer has been opened", "The printer has carried the pulse out; no sensor confirms it."],
        sent: ["The pulse was sent", "The printer cannot say whether the drawer opened: look."],
        "not-allowed": ["The station does not let this page open the drawer", "On the till's computer, open the station's page, Access, and allow who waits there."],
        "sign-in": ["The station wants somebody to sign in", "It lets other machines open the drawer only if their address is allowed: the station's page, Access."],
        "site-refused": ["The station does not let this page open the drawer", "On the till's computer, open the station's page, Access: this site waits there to be allowed."],
        "permission-denied": ["The browser does not let this page reach the station", "Click on the symbol beside the address, allow the local network (“Apps on this device”), and load the page again."],
        "insecure-page": ["The browser lets no page without HTTPS reach the station", "Open the till by its https address, or use the browser’s extension instead."],
        unreachable: ["The station does not answer", "Is its service running on this computer? If the browser asks whether this page may reach the local network, allow it."],
        "no-answer": ["Nobody knows whether the drawer opened", "The station did not answer in time: look at the drawer before you try again."],
        "not-a-station": ["What answers there is no station", "Check the station's address in the settings."],
        "unknown-name": ["The station has no such printer", "Check the name of the printer."],
        "bad-request": ["The station did not understand the call", "Is it older than this button?"],
        "too-many": ["The drawer was asked to open a moment ago", "Wait a second, then try again."],
        drawer: ["The drawer was not opened", ""],
        "drawer-offline": ["The drawer was not opened: its printer is not ready", "Paper, cover, cable, power? The station's page says which."],
        "drawer-busy": ["The drawer was not opened: its printer is busy", "Wait until it has printed, then try again."],
        "drawer-stuck": ["The drawer did not open", "The pulse was carried out, and the sensor says closed: is it locked or blocked? The key opens it."],
        "drawer-unknown": ["Nobody knows whether the drawer opened", "The pulse may have been sent: look. Nothing arrives later."],
        journal: ["The drawer was not opened", "The station cannot write its journal: is the disk full?"],
        "cash-once": ["The drawer has been opened for this sale already", "The button opens it again."],
        "cash-unknown": ["The drawer was not opened by itself", "This page does not tell which sale it is; the button opens it."],
        other: ["The station answered with an error", ""],
    },
};

const FR = {
    button: "Ouvrir le tiroir",
    question: "Pourquoi ouvrir le tiroir ?",
    reasons: ["Faire de la monnaie", "Erreur de caisse", "Contrôle de caisse", "Dépôt ou retrait"],
    other: "Autre raison",
    cancel: "Annuler",
    open: "Ouvrir",
    close: "Fermer",
    waiting: "Ouverture du tiroir demandée…",
    results: {
        opened: ["Le tiroir est ouvert", "Son capteur le confirme."],
        "was-open": ["Le tiroir était déjà ouvert", ""],
        processed: ["Le tiroir a été ouvert", "L’imprimante a exécuté la commande ; aucun capteur ne le confirme."],
        sent: ["La commande est partie", "L’imprimante ne peut pas dire si le tiroir s’est ouvert : regardez."],
        "not-allowed": ["Le poste n’autorise pas cette page à ouvrir le tiroir", "Sur l’ordinateur de caisse, ouvrez la page du poste, rubrique Accès, et autorisez la demande qui y attend."],
        "sign-in": ["Le poste demande une connexion", "Il n’ouvre le tiroir à d’autres machines que si leur adresse est autorisée : page du poste, rubrique Accès."],
        "site-refused": ["Le poste n’autorise pas cette page à ouvrir le tiroir", "Sur l’ordinateur de caisse, ouvrez la page du poste, rubrique Accès : ce site y attend votre accord."],
        "permission-denied": ["Le navigateur empêche cette page de joindre le poste", "Cliquez sur le symbole à côté de l’adresse, autorisez le réseau local (« Applis sur cet appareil »), puis rechargez la page."],
        "insecure-page": ["Le navigateur ne laisse pas une page sans HTTPS joindre le poste", "Ouvrez la caisse par son adresse https, ou utilisez l’extension du navigateur."],
        unreachable: ["Le poste ne répond pas", "Son service fonctionne-t-il sur cet ordinateur ? Si le navigateur demande l’accès au réseau local pour cette page, autorisez-le."],
        "no-answer": ["On ne sait pas si le tiroir s’est ouvert", "Le poste n’a pas répondu à temps : regardez le tiroir avant de recommencer."],
        "not-a-station": ["Ce qui répond à cette adresse n’est pas un poste", "Vérifiez l’adresse du poste dans les réglages."],
        "unknown-name": ["Le poste n’a pas cette imprimante", "Vérifiez le nom de l’imprimante."],
        "bad-request": ["Le poste n’a pas compris la demande", "Est-il plus ancien que ce bouton ?"],
        "too-many": ["L’ouverture vient d’être demandée", "Attendez une seconde, puis recommencez."],
        drawer: ["Le tiroir n’a pas été ouvert", ""],
        "drawer-offline": ["Le tiroir n’a pas été ouvert : son imprimante n’est pas prête", "Papier, capot, câble, alimentation ? La page du poste dit lequel."],
        "drawer-busy": ["Le tiroir n’a pas été ouvert : son imprimante est occupée", "Attendez la fin de l’impression, puis recommencez."],
        "drawer-stuck": ["Le tiroir ne s’est pas ouvert", "La commande a été exécutée et le capteur dit fermé : est-il verrouillé ou bloqué ? La clé l’ouvre."],
        "drawer-unknown": ["On ne sait pas si le tiroir s’est ouvert", "La commande est peut-être partie : regardez. Rien n’arrivera plus tard."],
        journal: ["Le tiroir n’a pas été ouvert", "Le poste ne peut pas écrire son journal : le disque est-il plein ?"],
        "cash-once": ["Le tiroir a déjà été ouvert pour cette vente", "Le bouton l’ouvre à nouveau."],
        "cash-unknown": ["Le tiroir ne s’est pas ouvert tout seul", "Cette page ne dit pas de quelle vente il s’agit ; le bouton l’ouvre."],
        other: ["Le poste a répondu par une erreur", ""],
    },
};

/**
 * The words of a language.
 * @param {string} language "fr", "fr_FR", "en-GB"; French where it is French, English for all others
 */
export function wordsOf(language) {
    return /^fr\b|^fr[_-]/i.test(String(language || "")) ? FR : EN;
}

/**
 * A result in words.
 * @param {{code: string, level: string, message: string, hint: string}} result of station.js
 * @param {typeof EN} words
 * @returns {{level: string, title: string, text: string}}
 */
export function sayResult(result, words) {
    const [title, text] = words.results[result.code] || words.results.other;
    // What the station itself says is English, and the only thing that is known of an error without a sentence here.
    const said = [result.message, result.hint].filter(Boolean).join(". ");
    return { level: result.level, title, text: text || (result.level === "good" ? "" : said) };
}
