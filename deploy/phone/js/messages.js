/** What a user can send or do. Source: the platform's pages on receiving messages and on receiving events. */

/**
 * @typedef {import("./message-xml.js").Element} Element
 * @typedef {{type: string, elements: Element[]}} Message
 */

/** @type {(type: string, elements: Element[]) => Message} */
const message = (type, elements) => ({ type, elements });

/**
 * Any event.
 * @param {string} name
 * @param {Element[]} [elements]
 */
export const event = (name, elements = []) => message("event", [["Event", name], ...elements]);

/**
 * @param {string} content
 * @param {string} [menuMessageID] The tapped item of a menu message: `bizmsgmenuid`.
 */
export const text = (content, menuMessageID) =>
    message("text", [["Content", content], ...(menuMessageID ? [["bizmsgmenuid", menuMessageID]] : [])]);

export const image = ({ mediaID, url }) => message("image", [["PicUrl", url], ["MediaId", mediaID]]);

/** `recognition` is there where the account has speech recognition on; it may be empty then. */
export const voice = ({ mediaID, format, recognition }) =>
    message("voice", [
        ["MediaId", mediaID], ["Format", format], ...(recognition === undefined ? [] : [["Recognition", recognition]]),
    ]);

export const video = ({ mediaID, thumbnailID, isShort }) =>
    message(isShort ? "shortvideo" : "video", [["MediaId", mediaID], ["ThumbMediaId", thumbnailID]]);

export const location = ({ latitude, longitude, scale, label }) =>
    message("location", [["Location_X", latitude], ["Location_Y", longitude], ["Scale", scale], ["Label", label]]);

export const link = ({ title, description, url }) =>
    message("link", [["Title", title], ["Description", description], ["Url", url]]);

export const file = ({ title, length }) =>
    message("file", [
        ["Title", title], ["Description", ""], ["FileKey", "simulated-file"],
        ["FileMd5", "d41d8cd98f00b204e9800998ecf8427e"], ["FileTotalLen", length],
    ]);

/** `scene` is that of the QR code that led there. */
export const subscribe = (scene) =>
    event("subscribe", scene ? [["EventKey", `qrscene_${scene}`], ["Ticket", TICKET]] : [["EventKey", ""]]);

export const unsubscribe = () => event("unsubscribe", [["EventKey", ""]]);

/** A follower scans one of the account's QR codes. */
export const scan = (scene) => event("SCAN", [["EventKey", scene], ["Ticket", TICKET]]);

/** A user's place, reported on entering the chat. */
export const reportedLocation = ({ latitude, longitude, precision }) =>
    event("LOCATION", [["Latitude", latitude], ["Longitude", longitude], ["Precision", precision]]);

export const click = (key) => event("CLICK", [["EventKey", key]]);
export const view = (url) => event("VIEW", [["EventKey", url], ["MenuId", MENU_ID]]);
export const viewMiniProgram = (path) => event("view_miniprogram", [["EventKey", path], ["MenuId", MENU_ID]]);

/** `name` is `scancode_push` or `scancode_waitmsg`. */
export const scannedCode = (name, key, result) =>
    event(name, [["EventKey", key], ["ScanCodeInfo", [["ScanType", "qrcode"], ["ScanResult", result]]]]);

/** `name` is `pic_sysphoto`, `pic_photo_or_album` or `pic_weixin`. */
export const pictures = (name, key) =>
    event(name, [
        ["EventKey", key],
        ["SendPicsInfo", [["Count", 1], ["PicList", [["item", [["PicMd5Sum", "1b5f7c23b5bf75682a53e7b6d163e185"]]]]]]],
    ]);

export const selectedLocation = (key, { latitude, longitude, scale, label }) =>
    event("location_select", [
        ["EventKey", key],
        ["SendLocationInfo", [
            ["Location_X", String(latitude)], ["Location_Y", String(longitude)], ["Scale", String(scale)],
            ["Label", label], ["Poiname", ""],
        ]],
    ]);

const TICKET = "simulated-ticket";
const MENU_ID = "426300001";
