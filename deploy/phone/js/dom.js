/** Makes elements. What they say is always set as text: nothing that came from elsewhere is ever parsed as HTML. */

/**
 * Makes an element.
 * @param {string} tag
 * @param {Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>} [attributes] Functions are
 *     listeners, by the event's name; `true` is an attribute without a value; what is not there is left out.
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElement}
 */
export function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (typeof value === "function") element.addEventListener(name, value);
        else if (value !== null && value !== undefined && value !== false) {
            element.setAttribute(name, value === true ? "" : String(value));
        }
    }
    element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
    return element;
}

/**
 * One of the drawings of index.html. It says nothing: what it stands for has to be said beside it.
 * @param {string} name
 */
export function icon(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `#i-${name}`);
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    svg.append(use);
    return svg;
}

/** An element of the page by its id. */
export const byID = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** What only a screen reader says. */
export const spoken = (text) => make("span", { class: "spoken" }, text);

/**
 * The address that a link may lead to.
 * @param {string | undefined} text
 * @returns {string | null} `null` for anything but http and https.
 */
export function webAddress(text) {
    try {
        const url = new URL((text ?? "").trim());
        return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
    } catch {
        return null;
    }
}

/** A link that leads out of the page and tells nobody where from; without an address that may be followed, no link. */
export function outwardLink(address, attributes, ...children) {
    const href = webAddress(address);
    if (!href) return make("div", attributes, ...children);
    return make("a", { ...attributes, href, target: "_blank", rel: "noopener noreferrer" }, ...children);
}
