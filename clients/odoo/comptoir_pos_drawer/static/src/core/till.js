/** @odoo-module **/
// What is known of the page of Odoo's till: where a button may stand, and which sale is being made. What differs from
// one version to the next is here, and nowhere else.

/**
 * Where the button goes, the best place first:
 * `.control-buttons` holds the buttons of a sale (15 to 17; 18 and 19: also in the window “Actions”, the only one on a
 * phone); `.pads` the number pad above which they stand (18, 19).
 */
const BARS = ".control-buttons";
const PADS = ".product-screen .pads, .pads";
const BUTTON = "comptoir-drawer-button";

/**
 * Keep a button in every bar of buttons that the till shows, for as long as the page lives.
 *
 * The till's own templates are not changed: where none of these places is found there is no button, and the till works
 * on. The till draws its screens anew all the time; a button that went with one comes back with the next.
 * @param {Document} document
 * @param {() => HTMLElement} create a button
 * @returns {() => void} ends it, and takes the buttons away
 */
export function keepButton(document, create) {
    const place = () => {
        const bars = [...document.querySelectorAll(BARS)];
        const pads = [...document.querySelectorAll(PADS)].filter((pad) => !pad.querySelector(BARS));
        for (const bar of bars) {
            if (!bar.querySelector(BUTTON)) {
                bar.append(create());
            }
        }
        for (const pad of bars.length ? [] : pads.slice(0, 1)) {
            if (!pad.querySelector(BUTTON)) {
                pad.prepend(create());
            }
        }
    };
    const watch = new MutationObserver(place);
    watch.observe(document.body, { childList: true, subtree: true });
    place();
    return () => {
        watch.disconnect();
        document.querySelectorAll(BUTTON).forEach((button) => button.remove());
    };
}

/**
 * The number of the sale, as it stands on the receipt.
 * @param {any} pos the till's model (up to 18: get_order(), 19: getOrder()); the page itself knows it as `posmodel`
 * @returns {string} at most 64 characters; "" where it is not known. It refers to nothing outside itself, so that it can be
 *     run in another world than this one.
 */
export function orderReference(pos = globalThis.posmodel) {
    try {
        const order = pos && (pos.getOrder ? pos.getOrder() : pos.get_order ? pos.get_order() : null);
        const reference = order && (order.pos_reference || order.name || order.uid || order.uuid);
        return typeof reference === "string" ? reference.slice(0, 64) : "";
    } catch {
        return "";
    }
}
