/** The chat: what was said, in order, with the times between. */

import { bubble } from "./bubbles.js";
import { byID, icon, make, spoken } from "./dom.js";
import { FAULT_NOTICE } from "./faults.js";

/** The time stands above what comes this many milliseconds after the last. */
const PAUSE = 3 * 60 * 1000;

export class ChatView {
    #log = byID("log");
    #around;
    #inspect;
    /** @type {WeakMap<import("./people.js").Entry, HTMLElement>} */
    #states = new WeakMap();
    /** @type {import("./people.js").Person} */
    #person;
    #isAtEnd = true;
    #size = "";

    /**
     * @param {import("./bubbles.js").Surroundings} around
     * @param {(exchangeID: number) => void} inspect Shows what is behind an entry.
     */
    constructor(around, inspect) {
        this.#around = around;
        this.#inspect = inspect;
        this.#log.addEventListener("scroll", () => {
            // The browser scrolls by itself when the size changes: nobody has asked for that.
            if (this.#size !== this.#currentSize) return;
            this.#isAtEnd = this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < 40;
        });
        // A keyboard or a panel takes some of its height: what was to be seen stays to be seen.
        new ResizeObserver(() => {
            if (this.#isAtEnd) this.toEnd();
            this.#size = this.#currentSize;
        }).observe(this.#log);
    }

    /**
     * Shows somebody's chat.
     * @param {import("./people.js").Person} person
     */
    show(person) {
        this.#person = person;
        this.#log.replaceChildren();
        if (person.entries.length === 0) this.#log.append(emptyChat());
        person.entries.forEach((entry, index) => this.#append(entry, person.entries[index - 1]));
        this.toEnd();
    }

    /**
     * Adds an entry to somebody's chat.
     * @param {import("./people.js").Person} person
     * @param {import("./people.js").Entry} entry
     */
    add(person, entry) {
        const before = person.entries.at(-1);
        person.entries.push(entry);
        if (person !== this.#person) return;
        this.#log.querySelector(".empty")?.remove();
        this.#append(entry, before);
        this.toEnd();
    }

    /** Says how far the delivery of an entry is. */
    setState(entry, text) {
        entry.state = text;
        const element = this.#states.get(entry);
        if (element) element.textContent = text;
    }

    #append(entry, before) {
        const isLater = !before || entry.time - before.time > PAUSE;
        if (isLater) this.#log.append(make("p", { class: "time" }, clockTime(entry.time)));
        this.#log.append(this.#drawn(entry));
    }

    #drawn(entry) {
        if (entry.from === "note") return make("p", { class: "note" }, entry.content.text);
        if (entry.from === "notice") {
            const why = make("button", {
                type: "button", class: "inline", click: () => this.#inspect(entry.exchangeID),
            }, "查看原因");
            return make("p", { class: "note notice" }, FAULT_NOTICE, " ", why);
        }
        const isUser = entry.from === "user";
        const state = make("span", { class: "state", "aria-hidden": "true" }, entry.state ?? "");
        this.#states.set(entry, state);
        const avatar = isUser ? personAvatar(this.#person) : make("span", { class: "avatar account" }, icon("account"));
        return make(
            "div", { class: `entry ${isUser ? "mine" : "theirs"}` }, avatar,
            spoken(isUser ? "我：" : "公众号："), bubble(entry.content, this.#around), isUser && state);
    }

    get #currentSize() {
        return `${this.#log.clientWidth} ${this.#log.clientHeight}`;
    }

    /** Shows the newest. */
    toEnd() {
        this.#log.scrollTop = this.#log.scrollHeight;
    }
}

/** The avatar of a user: a colour and a number. */
export function personAvatar(person) {
    return make(
        "span", { class: `avatar person-${person.colour}`, "aria-hidden": "true" }, person.name.replace(/^用户 /, ""));
}

function emptyChat() {
    return make(
        "div", { class: "empty" }, icon("account"), make("p", {}, "这里是你和公众号的聊天"),
        make("p", {}, "发一条消息，或点左下角的菜单"));
}

/** @param {Date} time */
export const clockTime = (time) => time.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
