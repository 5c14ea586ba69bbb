/** The bar at the foot of the chat: text, voice, the other things to send, and the account's menu. */

import { actions, voice } from "./actions.js";
import { byID, icon, make } from "./dom.js";
import { inside } from "./menu.js";

/**
 * @typedef {object} ComposerEvents
 * @property {(text: string) => void} text
 * @property {(act: () => Promise<import("./actions.js").Act | null>) => void} act
 * @property {(button: import("./menu.js").MenuButton) => void} menu
 */

export class Composer {
    #input = /** @type {HTMLTextAreaElement} */ (byID("text"));
    #send = byID("send");
    #more = byID("more");
    #panel = byID("panel");
    #toggle = byID("toggle-menu");
    #menu = byID("menu");
    #events;
    /** @type {HTMLElement | null} */
    #openSubmenu = null;

    /** @param {ComposerEvents} events */
    constructor(events) {
        this.#events = events;
        this.#input.addEventListener("input", () => this.#fit());
        this.#input.addEventListener("keydown", (event) => this.#key(event));
        this.#send.addEventListener("click", () => this.#sendText());
        this.#more.addEventListener("click", () => this.#showPanel(this.#panel.hidden));
        this.#toggle.addEventListener("click", () => this.#showMenu(this.#menu.hidden));
        byID("voice").addEventListener("click", () => events.act(voice));
        this.#panel.append(...actions.map((action) => this.#actionButton(action)));
        byID("composer").addEventListener("keydown", (event) => this.#escape(event));
        document.addEventListener("click", (event) => {
            if (!this.#menu.contains(/** @type {Node} */ (event.target))) this.#closeSubmenu();
        });
        this.#fit();
    }

    /**
     * Shows another menu.
     * @param {import("./menu.js").MenuButton[]} buttons None hides it.
     */
    setMenu(buttons) {
        this.#menu.replaceChildren(...buttons.map((button, index) => this.#menuItem(button, index)));
        this.#toggle.hidden = buttons.length === 0;
        if (buttons.length === 0) this.#showMenu(false);
    }

    focus() {
        if (!this.#menu.hidden) this.#menu.querySelector("button")?.focus();
        else this.#input.focus();
    }

    #key(event) {
        // An input method takes Enter for itself while it composes.
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        this.#sendText();
    }

    #escape(event) {
        if (event.key !== "Escape") return;
        if (this.#openSubmenu) {
            const button = /** @type {HTMLElement} */ (this.#openSubmenu.previousElementSibling);
            this.#closeSubmenu();
            button.focus();
        } else if (!this.#panel.hidden) {
            this.#showPanel(false);
            this.#more.focus();
        }
    }

    #sendText() {
        const text = this.#input.value;
        if (!text.trim()) return;
        this.#input.value = "";
        this.#fit();
        this.#input.focus();
        this.#events.text(text);
    }

    /** The field grows with its text, and what stands beside it is what can be done with it. */
    #fit() {
        const isEmpty = !this.#input.value.trim();
        this.#send.hidden = isEmpty;
        this.#more.hidden = !isEmpty;
        if (!isEmpty) this.#showPanel(false);
        this.#input.style.height = "auto";
        // Its border is not in what it would scroll.
        this.#input.style.height = `${this.#input.scrollHeight + 2}px`;
    }

    #showPanel(shows) {
        this.#panel.hidden = !shows;
        this.#more.setAttribute("aria-expanded", String(shows));
    }

    #showMenu(shows) {
        this.#menu.hidden = !shows;
        byID("writing").hidden = shows;
        if (shows) this.#showPanel(false);
        this.#toggle.setAttribute("aria-label", shows ? "切换到键盘" : "切换到菜单");
        this.#toggle.replaceChildren(icon(shows ? "keyboard" : "menu"));
        this.#closeSubmenu();
    }

    #actionButton({ name, icon: drawing, act }) {
        const start = () => {
            this.#showPanel(false);
            // A form gives the focus back to where it was.
            this.#more.focus();
            this.#events.act(act);
        };
        return make(
            "button", { type: "button", class: "action", click: start },
            make("span", { class: "tile" }, icon(drawing)), name);
    }

    #menuItem(button, index) {
        const others = inside(button);
        if (others.length === 0) {
            return make("div", { class: "menu-item" }, this.#menuButton(button.name, () => this.#events.menu(button)));
        }
        const id = `submenu-${index}`;
        const list = make("div", { id, class: "submenu", hidden: true }, ...others.map((other) =>
            this.#menuButton(other.name, () => {
                opener.focus();
                this.#closeSubmenu();
                this.#events.menu(other);
            })));
        const opener = this.#menuButton(button.name, () => {
            const opens = list.hidden;
            this.#closeSubmenu();
            if (opens) this.#open(list, opener);
        }, { "aria-expanded": "false", "aria-controls": id }, icon("lines"));
        return make("div", { class: "menu-item" }, opener, list);
    }

    #menuButton(name, click, attributes = {}, ...before) {
        return make("button", { type: "button", click, ...attributes }, ...before, make("span", {}, name));
    }

    #open(list, opener) {
        list.hidden = false;
        opener.setAttribute("aria-expanded", "true");
        this.#openSubmenu = list;
        list.querySelector("button")?.focus();
    }

    #closeSubmenu() {
        if (!this.#openSubmenu) return;
        this.#openSubmenu.hidden = true;
        this.#openSubmenu.previousElementSibling?.setAttribute("aria-expanded", "false");
        this.#openSubmenu = null;
    }
}
