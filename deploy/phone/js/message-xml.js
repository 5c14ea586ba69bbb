/** Writes the XML of messages as the platform does. */

/**
 * An element: texts are in CDATA sections as the platform has them, numbers are not, and a list holds other elements.
 * @typedef {[name: string, content: string | number | Element[]]} Element
 */

/**
 * A message that is the same in each of its deliveries.
 * @typedef {object} PreparedMessage
 * @property {string} openID The sender, which the query carries too.
 * @property {string} receiver The account's original ID.
 * @property {string} xml The envelope, as it is before it is encrypted.
 * @property {boolean} isEvent
 * @property {string} name The type; of an event, its name too.
 * @property {string} [messageID] `MsgId`; events have none.
 */

/**
 * Gives a message its sender, its ID and its time.
 * @param {{type: string, elements: Element[]}} message
 * @param {{openID: string, receiver: string, messageID: string, now: number}} context `now` is in seconds since 1970.
 * @returns {PreparedMessage}
 */
export function prepared(message, { openID, receiver, messageID, now }) {
    const isEvent = message.type === "event";
    const elements = [
        ["ToUserName", receiver], ["FromUserName", openID], ["CreateTime", now], ["MsgType", message.type],
        ...message.elements,
    ];
    const ownID = isEvent ? undefined : messageID;
    // Not through a number: the ID has more digits than one holds.
    const lines = elements.map(written).concat(ownID ? [`<MsgId>${ownID}</MsgId>`] : []);
    const event = isEvent ? ` ${message.elements.find(([name]) => name === "Event")?.[1] ?? ""}` : "";
    return {
        openID, receiver, isEvent, messageID: ownID, xml: `<xml>${lines.join("\n")}</xml>`,
        name: `${message.type}${event}`,
    };
}

/**
 * One element as XML.
 * @param {Element} element
 * @returns {string}
 */
export function written([name, content]) {
    const inside =
        typeof content === "string" ? `<![CDATA[${content.replaceAll("]]>", "]]]]><![CDATA[>")}]]>`
        : typeof content === "number" ? String(content)
        : content.map(written).join("");
    return `<${name}>${inside}</${name}>`;
}

let lastMessageID = BigInt(Date.now()) * 10_000n + 4_000_000_000_000_000n;

/** The platform's next message ID: 17 digits and more than a number can count. */
export function nextMessageID() {
    lastMessageID += 1n + BigInt(Math.floor(Math.random() * 1000));
    return String(lastMessageID);
}
