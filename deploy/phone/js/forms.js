/** Asks for what a phone would find out by itself: a place, a recording, a code. */

import { byID, make } from "./dom.js";

/**
 * One field of a form.
 * @typedef {object} FormField
 * @property {string} name
 * @property {string} label
 * @property {string | number} [value] What stands there at first.
 * @property {"text" | "number" | "file" | "select" | "checkbox" | "area"} [kind]
 * @property {[value: string, label: string][]} [options]
 * @property {string} [hint]
 * @property {boolean} [isOptional]
 * @property {string} [accept]
 */

/**
 * Shows a form and waits for its end.
 * @param {{title: string, action: string, note?: string, fields: FormField[],
 *     check?: (values: Record<string, any>) => string | null}} form
 * @returns {Promise<Record<string, any> | null>} The values by name, or `null` where it was given up.
 */
export function ask(form) {
    const dialog = /** @type {HTMLDialogElement} */ (byID("form"));
    const fault = make("p", { class: "fault", role: "alert" });
    const body = make(
        "form", { method: "dialog" },
        make("h2", { id: "form-title" }, form.title), form.note && make("p", { class: "hint" }, form.note),
        ...form.fields.map(drawnField),
        make(
            "div", { class: "foot" }, fault,
            make(
                "div", { class: "actions" },
                make("button", { type: "button", class: "plain", click: () => dialog.close() }, "取消"),
                make("button", { type: "submit", class: "primary" }, form.action))));
    dialog.replaceChildren(body);
    dialog.showModal();
    return new Promise((resolve) => {
        let values = null;
        body.addEventListener("submit", (event) => {
            event.preventDefault();
            const given = valuesOf(body, form.fields);
            const problem = form.check?.(given);
            fault.textContent = problem ?? "";
            if (problem) return;
            values = given;
            dialog.close();
        });
        dialog.addEventListener("close", () => resolve(values), { once: true });
    });
}

function drawnField(field) {
    const id = `field-${field.name}`;
    const hint = field.hint && make("span", { class: "hint", id: `${id}-hint` }, field.hint);
    const label = make("label", { for: id }, field.label);
    const common = {
        id, name: field.name, "aria-describedby": field.hint ? `${id}-hint` : null, autocomplete: "off",
        required: !field.isOptional && field.kind !== "checkbox" && field.kind !== "file",
    };
    const isCheckbox = field.kind === "checkbox";
    return make(
        "div", { class: isCheckbox ? "field check" : "field" }, !isCheckbox && label, drawnInput(field, common),
        isCheckbox && label, hint);
}

function drawnInput({ kind = "text", value = "", options = [], accept }, common) {
    if (kind === "select") {
        return make("select", common, ...options.map(([option, label]) =>
            make("option", { value: option, selected: option === value }, label)));
    }
    if (kind === "area") return make("textarea", { ...common, rows: 8, spellcheck: "false" }, String(value));
    if (kind === "checkbox") return make("input", { ...common, type: "checkbox", checked: Boolean(value) });
    if (kind === "file") return make("input", { ...common, type: "file", accept });
    if (kind === "number") return make("input", { ...common, type: "number", step: "any", value });
    return make("input", { ...common, type: "text", value, spellcheck: "false" });
}

function valuesOf(body, fields) {
    return Object.fromEntries(fields.map(({ name, kind }) => {
        const input = body.elements.namedItem(name);
        if (kind === "checkbox") return [name, input.checked];
        if (kind === "number") return [name, Number(input.value)];
        if (kind === "file") return [name, input.files[0] ?? null];
        return [name, input.value];
    }));
}
