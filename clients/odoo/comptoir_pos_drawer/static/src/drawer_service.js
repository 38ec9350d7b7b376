/** @odoo-module **/
// The only file that knows Odoo: a service of the till that puts the button there. Odoo 17, 18 and 19.

import { registry } from "@web/core/registry";
import { session } from "@web/session";
import { Panel, drawerButton } from "@comptoir_pos_drawer/core/panel";
import { openDrawer, stationAddress } from "@comptoir_pos_drawer/core/station";
import { keepButton, orderReference } from "@comptoir_pos_drawer/core/till";
import { sayResult, wordsOf } from "@comptoir_pos_drawer/core/words";

const STATION = "http://localhost:22548";

export const drawerService = {
    dependencies: ["pos"],
    start(env, { pos }) {
        const settings = session.comptoir_pos_drawer || {};
        const address = stationAddress(settings.station) || STATION;
        const words = wordsOf(settings.language);
        let panel = null;
        let busy = false;
        const press = async () => {
            if (busy) {
                return;
            }
            panel = panel || new Panel(document, words);
            const reason = await panel.ask();
            if (reason === null) {
                return;
            }
            busy = true;
            panel.tell({ level: "", title: words.waiting, text: "" });
            const result = await openDrawer(address, { reason, order: orderReference(pos) });
            busy = false;
            panel.tell(sayResult(result, words));
        };
        return { stop: keepButton(document, () => drawerButton(document, words, press)), press };
    },
};

registry.category("services").add("comptoir_pos_drawer", drawerService);
