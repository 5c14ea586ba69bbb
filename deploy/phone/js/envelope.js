/** Reads the elements of an `<xml>` envelope, which is not to be trusted: nothing of it ever becomes part of the page. */

import { DeliveryFault } from "./faults.js";

// The page allows no other text to be parsed as a document (Trusted Types); this one stays apart from the page's own.
const policy = globalThis.trustedTypes?.createPolicy("answer-xml", { createHTML: (text) => text });

/** The elements inside an envelope, or inside one of its elements. */
export class Fields {
    #element;

    /** @param {globalThis.Element | null} element */
    constructor(element) {
        this.#element = element;
    }

    /**
     * Reads an envelope.
     * @param {string} text
     * @returns {Fields | null} `null` where it is not XML, no `<xml>` envelope, or has a document type.
     */
    static parse(text) {
        const parsed = new DOMParser().parseFromString(policy ? policy.createHTML(text) : text, "application/xml");
        if (parsed.doctype || parsed.getElementsByTagName("parsererror").length > 0) return null;
        return parsed.documentElement?.nodeName === "xml" ? new Fields(parsed.documentElement) : null;
    }

    /** All elements of a name, in order. */
    all(name) {
        const elements = this.#element ? Array.from(this.#element.children) : [];
        return elements.filter((element) => element.nodeName === name).map((element) => new Fields(element));
    }

    /** The elements inside the first one of a name; none where there is none. */
    group(name) {
        return this.all(name)[0] ?? new Fields(null);
    }

    /** Whether there is an element of a name. */
    has(name) {
        return this.all(name).length > 0;
    }

    /**
     * The text of the first element of a name.
     * @param {string} name
     * @returns {string | undefined} `undefined` where there is none of that name.
     */
    text(name) {
        return this.all(name)[0]?.#ownText;
    }

    /** What stands in the element itself; white space that only separates other elements does not count. */
    get #ownText() {
        const isText = (node) => node.nodeType === Node.TEXT_NODE || node.nodeType === Node.CDATA_SECTION_NODE;
        const pieces = Array.from(this.#element.childNodes).filter(isText).map((node) => node.data);
        const separates = this.#element.children.length > 0;
        return pieces.filter((piece) => !separates || piece.trim() !== "").join("");
    }
}

/** The text of an element that has to be there and has to say something. */
export function requiredText(fields, name) {
    const text = fields.text(name);
    if (!text) throw new DeliveryFault("missing", { element: name });
    return text;
}

/**
 * A time in seconds since 1970, told from one in milliseconds by its size.
 * @returns {number | null} `null` for what is no number, or no time that a clock shows in seconds.
 */
export function seconds(text) {
    const value = /^[+-]?\d{1,19}$/.test(text) ? Number(text) : 0;
    return value >= 1 && value < 100_000_000_000 ? value : null;
}
