/** The time line of an exchange: a bar for each delivery, and a mark every five seconds. */

import { make } from "./dom.js";
import { PATIENCE } from "./platform.js";

const SHORTEST = 3 * PATIENCE;

/**
 * @param {import("./platform.js").Exchange} exchange
 * @returns {HTMLElement}
 */
export function timelineView(exchange) {
    const span = Math.max(SHORTEST, ...exchange.deliveries.map(({ start, end }) => end ?? start + PATIENCE));
    const whole = Math.ceil(span / PATIENCE - 0.2) * PATIENCE;
    const marks = Array.from({ length: whole / PATIENCE + 1 }, (_, index) => index * PATIENCE);
    const axis = make("div", { class: "axis", "aria-hidden": "true" }, ...marks.map((mark) =>
        placed(make("span", { class: "mark" }, `${mark / 1000} s`), mark, mark, whole)));
    const rows = exchange.deliveries.map((delivery) => row(delivery, whole, marks));
    return make("div", { class: "timeline" }, axis, make("ol", { "aria-label": "Deliveries" }, ...rows));
}

/** Moves the bars of deliveries that are under way. */
export function growBars(root, exchange) {
    for (const bar of root.querySelectorAll(".span-waiting")) {
        const whole = Number(bar.dataset.whole);
        const width = ((exchange.now() - Number(bar.dataset.start)) / whole) * 100;
        bar.style.width = `${Math.min(Math.max(width, 0), 100)}%`;
    }
}

function row(delivery, whole, marks) {
    const { number, start, end, reading, answer } = delivery;
    const kind = end === undefined ? "waiting" : reading?.fault ? "fault" : "well";
    const bar = placed(
        make("span", { class: `span span-${kind}`, "data-start": start, "data-whole": whole }), start, end ?? start, whole);
    const lines = marks.map((mark) => placed(make("span", { class: "tick" }), mark, mark, whole));
    const end_ = end === undefined ? "waiting" : duration(end - start);
    const result = end === undefined ? "" : answer ? `status ${answer.status}` : "no answer";
    return make(
        "li", {},
        make(
            "span", { class: "row-text" }, make("b", {}, ordinal(number)), ` at ${seconds(start)}`,
            make("span", { class: `row-end end-${kind}` }, [end_, result].filter(Boolean).join(" · "))),
        make("span", { class: "track", "aria-hidden": "true" }, ...lines, bar));
}

function placed(element, start, end, whole) {
    element.style.left = `${(start / whole) * 100}%`;
    if (end > start) element.style.width = `${((end - start) / whole) * 100}%`;
    return element;
}

/** @param {number} milliseconds */
export const duration = (milliseconds) =>
    milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : seconds(milliseconds);

const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(milliseconds < 9_950 ? 2 : 1)} s`;

/** @param {number} number */
export const ordinal = (number) => `${number}${{ 1: "st", 2: "nd", 3: "rd" }[number] ?? "th"} delivery`;
