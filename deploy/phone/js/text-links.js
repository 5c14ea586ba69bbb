/**
 * Finds what the platform shows as links in a text: `<a href="…">` that leads to a page or is an item of a menu message,
 * and bare addresses. Everything else, other tags included, is text.
 */

import { webAddress } from "./dom.js";

/**
 * @typedef {{kind: "text", text: string}
 *     | {kind: "page", text: string, href: string}
 *     | {kind: "menu", text: string, content: string, id: string}
 *     | {kind: "app", text: string}} Piece
 */

const ANCHOR = /<a\s[^<>]*?href\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')[^<>]*>([^<]*)<\/a>/gi;
const ADDRESS = /https?:\/\/[\w.~:/?#[\]@!$&()*+,;=%-]+/gi;
/** What ends a sentence rather than an address. */
const TRAILING = /[.,;:!?)\]]+$/;

/**
 * The pieces of a text, in order.
 * @param {string} text
 * @returns {Piece[]}
 */
export function piecesOf(text) {
    /** @type {Piece[]} */
    const pieces = [];
    let end = 0;
    for (const match of text.matchAll(ANCHOR)) {
        const piece = linked((match[1] ?? match[2]).replaceAll("&amp;", "&"), match[3]);
        if (!piece) continue;
        pieces.push(...withAddresses(text.slice(end, match.index)), piece);
        end = match.index + match[0].length;
    }
    pieces.push(...withAddresses(text.slice(end)));
    return pieces;
}

/** @returns {Piece | null} `null` where it is no link that the platform shows as one. */
function linked(href, text) {
    const page = webAddress(href);
    if (page) return { kind: "page", text, href: page };
    if (!/^weixin:\/\//i.test(href)) return null;
    const query = new URLSearchParams(href.slice(href.indexOf("?") + 1));
    const content = query.get("msgmenucontent");
    if (!/^weixin:\/\/bizmsgmenu\?/i.test(href) || !content) return { kind: "app", text };
    return { kind: "menu", text, content, id: query.get("msgmenuid") ?? "" };
}

/** @returns {Piece[]} */
function withAddresses(text) {
    /** @type {Piece[]} */
    const pieces = [];
    let end = 0;
    for (const match of text.matchAll(ADDRESS)) {
        const address = match[0].replace(TRAILING, "");
        const href = webAddress(address);
        if (!href) continue;
        pieces.push({ kind: "text", text: text.slice(end, match.index) }, { kind: "page", text: address, href });
        end = match.index + address.length;
    }
    pieces.push({ kind: "text", text: text.slice(end) });
    return pieces.filter((piece) => piece.text !== "");
}
