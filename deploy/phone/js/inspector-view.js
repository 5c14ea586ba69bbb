/** The panel beside the phone: what was sent and what came back, for each thing that a user did. */

import { shownText } from "./bytes.js";
import { target } from "./callback-request.js";
import { byID, icon, make } from "./dom.js";
import { duration, growBars, ordinal, timelineView } from "./timeline-view.js";
import { xmlView } from "./xml-view.js";

const MOST_EXCHANGES = 200;
const BADGES = {
    waiting: "waiting", reply: "reply", nothing: "nothing to say", fault: "fault", well: "ok", wrong: "problem",
};

/**
 * @typedef {object} InspectorEvents
 * @property {(exchange: Exchange) => void} again
 * @property {(exchange: Exchange) => void} twice
 * @property {(exchange: Exchange) => void} asNew
 * @property {(exchange: Exchange) => void} unsigned
 * @property {() => void} verify
 *
 * @typedef {import("./platform.js").Exchange} Exchange
 */

export class InspectorView {
    #list = byID("exchanges");
    #detail = byID("detail");
    #events;
    /** @type {Exchange[]} */
    #exchanges = [];
    /** @type {Exchange | null} */
    #shown = null;
    /** Whether the newest one is shown as it comes: until somebody chooses another. */
    #follows = true;
    /** Which parts are open, by their names. */
    #open = new Map();

    /** @param {InspectorEvents} events */
    constructor(events) {
        this.#events = events;
        byID("verify").addEventListener("click", () => this.#try(() => events.verify()));
        byID("clear").addEventListener("click", () => this.#clear());
        this.#draw();
    }

    /**
     * Shows what is new in an exchange.
     * @param {Exchange} exchange
     */
    update(exchange) {
        if (!this.#exchanges.includes(exchange)) {
            // One that was cleared away while it was under way does not come back.
            if (this.#exchanges.some(({ id }) => id > exchange.id) || exchange.id <= this.#cleared) return;
            this.#exchanges.push(exchange);
            if (this.#exchanges.length > MOST_EXCHANGES) this.#exchanges.shift();
            if (this.#follows) this.#shown = exchange;
        }
        this.#draw();
        if (exchange.outcome.kind === "waiting" && exchange === this.#shown) this.#grow();
    }

    #cleared = 0;

    /** Shows one exchange. */
    show(id) {
        const exchange = this.#exchanges.find((exchange) => exchange.id === id);
        if (!exchange) return;
        this.#shown = exchange;
        this.#follows = exchange === this.#exchanges.at(-1);
        this.#draw();
        this.#detail.focus();
    }

    /** Does something whose outcome is to be seen. */
    #try(act) {
        this.#follows = true;
        act();
    }

    #clear() {
        this.#cleared = Math.max(this.#cleared, ...this.#exchanges.map(({ id }) => id));
        this.#exchanges = [];
        this.#shown = null;
        this.#follows = true;
        this.#draw();
    }

    /** Draws all of it, and puts the focus back where it was. */
    #draw() {
        const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.key;
        this.#list.replaceChildren(...this.#exchanges.toReversed().map((exchange) => this.#item(exchange)));
        this.#detail.replaceChildren(this.#shown ? this.#details(this.#shown) : emptyInspector());
        if (focused) document.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    }

    #isGrowing = false;

    #grow() {
        if (this.#isGrowing) return;
        this.#isGrowing = true;
        const step = () => {
            const shown = this.#shown;
            this.#isGrowing = shown?.outcome.kind === "waiting";
            if (!this.#isGrowing) return;
            growBars(this.#detail, shown);
            requestAnimationFrame(step);
        };
        requestAnimationFrame(step);
    }

    #item(exchange) {
        const { kind } = exchange.outcome;
        return make(
            "li", {},
            make(
                "button", {
                    type: "button", "aria-current": exchange === this.#shown ? "true" : null,
                    "data-key": `exchange-${exchange.id}`, click: () => this.#choose(exchange),
                },
                make("span", { class: "when" }, exchange.time.toLocaleTimeString("en-GB")),
                make("span", { class: "what", lang: "zh-CN" }, exchange.title),
                make("span", { class: `badge badge-${kind}` }, BADGES[kind])));
    }

    #choose(exchange) {
        this.#shown = exchange;
        this.#follows = exchange === this.#exchanges.at(-1);
        this.#draw();
    }

    #details(exchange) {
        const { message, outcome } = exchange;
        return make(
            "article", { "aria-labelledby": "exchange-title" },
            make("h3", { id: "exchange-title", lang: "zh-CN" }, exchange.title),
            make("p", { class: `outcome outcome-${outcome.kind}`, id: "outcome" }, outcome.text),
            make("dl", { class: "facts" }, ...facts(exchange)),
            message && this.#actions(exchange),
            make("h4", {}, "Time line"), timelineView(exchange),
            message && this.#part(
                "message", exchange.mode === "plain" ? "Message XML" : "Message XML, before encryption", true,
                xmlView(message.xml), message.xml),
            make("h4", {}, "Deliveries"),
            ...exchange.deliveries.map((delivery) => this.#delivery(delivery, exchange)));
    }

    #actions(exchange) {
        const button = (key, text, hint, act) => {
            const click = () => this.#try(() => act(exchange));
            return make("button", { type: "button", class: "small", title: hint, "data-key": key, click }, text);
        };
        const isMessage = exchange.kind !== "unsigned";
        return make(
            "div", { class: "tools", role: "group", "aria-label": "Try" },
            isMessage && button("again", "Deliver again", "The same message with a new signature", this.#events.again),
            isMessage && button("twice", "Twice at once", "Two deliveries at the same time", this.#events.twice),
            exchange.content && button("new", "Send as new", "The same content with a new MsgId", this.#events.asNew),
            button("unsigned", "Send unsigned", "As a stranger would: it has to be refused", this.#events.unsigned));
    }

    #delivery(delivery, exchange) {
        const { number, request, answer, reading, end, start } = delivery;
        const isLast = delivery === exchange.deliveries.at(-1);
        const key = `delivery-${exchange.id}-${number}`;
        const fault = reading?.fault;
        const isEncrypted = request.query.some(([name]) => name === "encrypt_type");
        const head = make(
            "summary", { "data-key": `${key}-summary` }, make("b", {}, ordinal(number)),
            make("span", { class: fault ? "end-fault" : "" }, end === undefined ? "waiting" : duration(end - start)));
        const content = [
            fault && make("p", { class: "outcome outcome-fault" }, fault.message),
            ...(reading?.warnings ?? []).map((text) => make("p", { class: "outcome outcome-warning" }, text)),
            this.#part("request", "Request", true, requestView(request), `${location.origin}${target(request)}`),
            request.body !== undefined && this.#part(
                "body", isEncrypted ? "Body as sent, encrypted" : "Body as sent", isEncrypted, xmlView(request.body),
                request.body),
            answer && this.#part(
                "answer", `Answer, status ${answer.status}`, true, answerView(answer), shownText(answer.body)),
            reading?.xml && isEncrypted && this.#part(
                "reply", "Reply XML, decrypted", true, xmlView(reading.xml), reading.xml),
        ];
        return this.#details_("delivery", key, isLast, head, ...content);
    }

    /** A part with a title, which can be closed and copied. */
    #part(name, title, opens, content, copied) {
        const key = `part-${name}`;
        const head = make("summary", { "data-key": `${key}-summary` }, make("span", {}, title), copyButton(title, copied));
        return this.#details_("part", key, opens, head, content);
    }

    #details_(name, key, opens, ...content) {
        const isOpen = this.#open.get(key) ?? opens;
        const details = /** @type {HTMLDetailsElement} */ (make("details", { class: name, open: isOpen }, ...content));
        // Drawing it opens it too: only what somebody does is remembered.
        details.addEventListener("toggle", () => {
            if (details.isConnected && details.open !== isOpen) this.#open.set(key, details.open);
            else if (details.isConnected) this.#open.delete(key);
        });
        return details;
    }
}

function facts({ openID, message, mode, kind }) {
    const pairs = [
        ["From", openID], ["MsgId", message?.messageID ?? (message ? "none: an event" : null)], ["Type", message?.name],
        ["Mode", kind === "verification" ? null : kind === "unsigned" ? "plain, unsigned" : mode],
    ];
    return pairs.filter(([, value]) => value).map(([name, value]) =>
        make("div", {}, make("dt", {}, name), make("dd", {}, value)));
}

function requestView(request) {
    const headers = request.body === undefined ? [] : [["Content-Type", "text/xml"]];
    return make(
        "div", { class: "code", tabindex: "0" },
        make("div", {}, make("b", {}, request.method), ` ${request.path}`), pairsView("query", request.query),
        headers.length > 0 && pairsView("headers", headers));
}

function answerView(answer) {
    const text = shownText(answer.body);
    return make(
        "div", {},
        make("div", { class: "code", tabindex: "0" }, pairsView("headers", answer.headers)),
        text ? xmlView(text) : make("p", { class: "hint" }, "The body is empty."));
}

const pairsView = (name, pairs) =>
    make("dl", { class: `pairs ${name}` }, ...pairs.map(([name, value]) =>
        make("div", {}, make("dt", {}, name), make("dd", {}, value))));

function copyButton(title, text) {
    const label = { "aria-label": `Copy: ${title}`, title: "Copy" };
    const button = make("button", { type: "button", class: "copy", ...label }, icon("copy"));
    button.addEventListener("click", async (event) => {
        // It stands in what opens and closes the part.
        event.preventDefault();
        await navigator.clipboard.writeText(text);
        button.replaceChildren(icon("check"));
        setTimeout(() => button.replaceChildren(icon("copy")), 1500);
    });
    return button;
}

function emptyInspector() {
    return make(
        "div", { class: "empty" }, icon("search"), make("p", {}, "Nothing sent yet"),
        make("p", {}, "Each message shows here: the signed request, the XML both ways, and when what was delivered."),
        make("p", {}, "Answers by the customer-service interface go to the platform itself and are not shown."));
}
