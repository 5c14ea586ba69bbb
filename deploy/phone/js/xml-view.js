/** Shows XML, a line for each element and with its parts told apart; and anything else as it is. */

import { make } from "./dom.js";

const TOKEN = /<!\[CDATA\[[\s\S]*?\]\]>|<[^<>]*>|[^<]+|</g;

/**
 * @param {string} text
 * @returns {HTMLElement} A `pre`.
 */
export function xmlView(text) {
    const isXML = text.trimStart().startsWith("<");
    return make("pre", { class: "code", tabindex: "0" }, ...(isXML ? drawn(text) : [text]));
}

/**
 * Tags stand on lines of their own where they are not around a text; the text itself is never changed.
 * @param {string} text
 */
function drawn(text) {
    const tokens = Array.from(text.match(TOKEN) ?? []).filter((token) => token.trim() !== "");
    const nodes = [];
    let depth = 0;
    tokens.forEach((token, index) => {
        const isEnd = token.startsWith("</");
        const isStart = kind(token) === "tag" && !isEnd && !token.endsWith("/>") && !token.startsWith("<?");
        if (isEnd) depth -= 1;
        const isAfterTag = index > 0 && kind(tokens[index - 1]) === "tag";
        const closesEmpty = isEnd && isAfterTag && !tokens[index - 1].startsWith("</");
        if (isAfterTag && kind(token) === "tag" && !closesEmpty) nodes.push(`\n${"  ".repeat(Math.max(depth, 0))}`);
        nodes.push(...parts(token));
        if (isStart) depth += 1;
    });
    return nodes;
}

const kind = (token) =>
    token.startsWith("<![CDATA[") ? "cdata" : token.startsWith("<") && token.endsWith(">") ? "tag" : "text";

function parts(token) {
    switch (kind(token)) {
        case "cdata":
            return [
                make("span", { class: "x-mark" }, "<![CDATA["), make("span", { class: "x-text" }, token.slice(9, -3)),
                make("span", { class: "x-mark" }, "]]>"),
            ];
        case "tag": return [make("span", { class: "x-tag" }, token)];
        default: return [make("span", { class: "x-text" }, token)];
    }
}
