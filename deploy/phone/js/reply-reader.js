/** Reads a reply's envelope and holds it to the platform's page on passive replies. */

import { utf8 } from "./bytes.js";
import { requiredText, seconds } from "./envelope.js";
import { DeliveryFault, warnings as warning } from "./faults.js";

const DAY = 86_400;
const LONGEST_TEXT = 2048;

/**
 * @typedef {{title: string, description: string, pictureURL: string, url: string}} Article
 * @typedef {{type: "text", text: string}
 *     | {type: "image" | "voice", mediaID: string}
 *     | {type: "video", mediaID: string, title?: string, description?: string}
 *     | {type: "music", title?: string, description?: string, url?: string, thumbnailID: string}
 *     | {type: "news", articles: Article[]}
 *     | {type: "transfer", account?: string}} Reply
 */

/**
 * Reads a reply.
 * @param {import("./envelope.js").Fields} fields
 * @param {import("./message-xml.js").PreparedMessage} message What is answered.
 * @param {number} now In seconds since 1970.
 * @param {string[]} warnings Gets what is not as it should be.
 * @returns {Reply}
 * @throws {DeliveryFault}
 */
export function readReply(fields, message, now, warnings) {
    const receiver = requiredText(fields, "ToUserName");
    const sender = requiredText(fields, "FromUserName");
    if (receiver === message.receiver && sender === message.openID && receiver !== sender) {
        throw new DeliveryFault("namesNotSwapped");
    }
    if (receiver !== message.openID) throw new DeliveryFault("wrongReceiver");
    if (sender !== message.receiver) throw new DeliveryFault("wrongSender");
    const created = seconds(requiredText(fields, "CreateTime"));
    if (created === null) throw new DeliveryFault("notSeconds", { element: "CreateTime" });
    if (Math.abs(created - now) > DAY) warnings.push(warning.createTimeOff());
    const read = readers[requiredText(fields, "MsgType")];
    if (!read) throw new DeliveryFault("unknownType");
    return read(fields, { message, warnings });
}

/** How each type is read; without a prototype, so that no other name finds anything. */
const readers = Object.assign(Object.create(null), {
    text(fields, { warnings }) {
        const text = requiredText(fields, "Content");
        const bytes = utf8(text).length;
        if (bytes > LONGEST_TEXT) throw new DeliveryFault("textTooLong", { bytes });
        if (text.includes("\\n")) warnings.push(warning.literalNewline());
        return { type: "text", text };
    },
    image: (fields) => ({ type: "image", mediaID: mediaID(fields.group("Image"), "MediaId") }),
    voice: (fields) => ({ type: "voice", mediaID: mediaID(fields.group("Voice"), "MediaId") }),
    video(fields) {
        const video = fields.group("Video");
        return {
            type: "video", mediaID: mediaID(video, "MediaId"), title: video.text("Title"),
            description: video.text("Description"),
        };
    },
    music(fields) {
        const music = fields.group("Music");
        return {
            type: "music", thumbnailID: mediaID(music, "ThumbMediaId"), title: music.text("Title"),
            description: music.text("Description"), url: music.text("HQMusicUrl") || music.text("MusicUrl"),
        };
    },
    news,
    transfer_customer_service: (fields) => ({
        type: "transfer", account: fields.group("TransInfo").text("KfAccount"),
    }),
});

/** The articles that are shown: one after a message, eight after an event. */
function news(fields, { message, warnings }) {
    const declared = requiredText(fields, "ArticleCount");
    if (!/^[+-]?\d+$/.test(declared)) throw new DeliveryFault("missing", { element: "ArticleCount" });
    const articles = fields.group("Articles").all("item").map((item) => ({
        title: item.text("Title") ?? "", description: item.text("Description") ?? "",
        pictureURL: item.text("PicUrl") ?? "", url: item.text("Url") ?? "",
    }));
    if (Number(declared) !== articles.length) warnings.push(warning.articleCount(declared, articles.length));
    const most = message.isEvent ? 8 : 1;
    if (articles.length > most) warnings.push(warning.articlesCut(articles.length, most));
    if (articles.length === 0) throw new DeliveryFault("missing", { element: "Articles" });
    return { type: "news", articles: articles.slice(0, most) };
}

function mediaID(fields, name) {
    const id = requiredText(fields, name);
    if (/[\u0000-\u0020\u007f]/.test(id)) throw new DeliveryFault("invalidMediaID", { element: name });
    return id;
}
