/** What a user can send besides text: each asks for what it needs, and says what the platform gets and the chat shows. */

import { ask } from "./forms.js";
import * as messages from "./messages.js";

/**
 * What came of an action.
 * @typedef {object} Act
 * @property {import("./messages.js").Message} content What the platform delivers.
 * @property {object} [shown] What stands in the chat as the user's own; without it there is a note.
 * @property {string} [note]
 *
 * @typedef {{name: string, icon: string, act: (settings: import("./settings.js").Settings) => Promise<Act | null>}} Action
 */

const SAMPLE_PICTURE = "pictures/sample.svg";

const placeFields = [
    { name: "label", label: "地点", value: "广州市海珠区新港中路 397 号", isOptional: true },
    { name: "latitude", label: "纬度 Location_X", kind: "number", value: 23.097486 },
    { name: "longitude", label: "经度 Location_Y", kind: "number", value: 113.324478 },
    { name: "scale", label: "缩放 Scale", kind: "number", value: 16 },
];

const placeCheck = ({ latitude, longitude }) =>
    Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? null : "纬度在 ±90 之间，经度在 ±180 之间";

/** Asks for a place. */
export const askPlace = (title = "发送位置") =>
    ask({ title, action: "发送", fields: placeFields, check: placeCheck });

/** Asks for what a scanned code says. */
export const askCode = () =>
    ask({ title: "扫码", action: "扫码", fields: [{ name: "result", label: "码的内容", value: "https://example.com/1" }] });

/** Asks for the scene of one of the account's QR codes. */
export const askScene = () =>
    ask({
        title: "扫描公众号二维码", action: "扫码", note: "带参数的二维码：没有关注时得到 subscribe（qrscene_…），关注后得到 SCAN。",
        fields: [{ name: "scene", label: "场景值 scene", value: "123" }],
    });

/** @returns {Promise<Act | null>} */
async function image() {
    const mediaID = newMediaID();
    const given = await ask({
        title: "发送图片", action: "发送", note: "图片只在本页显示，不会上传；公众号收到的是 PicUrl 和 MediaId。",
        fields: [
            { name: "picture", label: "图片", kind: "file", accept: "image/*", hint: "不选就用示例图片" },
            { name: "url", label: "PicUrl", value: "http://mmbiz.qpic.cn/simulated/0" },
            { name: "mediaID", label: "MediaId", value: mediaID },
        ],
    });
    if (!given) return null;
    const source = given.picture ? URL.createObjectURL(given.picture) : SAMPLE_PICTURE;
    return { content: messages.image(given), shown: { type: "image", mediaID: given.mediaID, source } };
}

/** @returns {Promise<Act | null>} */
export async function voice() {
    const given = await ask({
        title: "发送语音", action: "发送", fields: [
            { name: "seconds", label: "时长（秒）", kind: "number", value: 3 },
            { name: "format", label: "格式 Format", kind: "select", options: [["amr", "amr"], ["speex", "speex"]] },
            { name: "isRecognised", label: "已开通语音识别（带 Recognition）", kind: "checkbox", value: true },
            { name: "recognition", label: "识别结果", value: "今天天气怎么样", isOptional: true },
            { name: "mediaID", label: "MediaId", value: newMediaID() },
        ],
        check: ({ seconds }) => (seconds >= 1 && seconds <= 60 ? null : "语音最长 60 秒"),
    });
    if (!given) return null;
    const recognition = given.isRecognised ? given.recognition : undefined;
    return {
        content: messages.voice({ ...given, recognition }),
        shown: { type: "voice", mediaID: given.mediaID, seconds: Math.round(given.seconds), recognition },
    };
}

/** @returns {Promise<Act | null>} */
async function video() {
    const given = await ask({
        title: "发送视频", action: "发送", fields: [
            { name: "isShort", label: "小视频（shortvideo）", kind: "checkbox" },
            { name: "mediaID", label: "MediaId", value: newMediaID() },
            { name: "thumbnailID", label: "ThumbMediaId", value: newMediaID() },
        ],
    });
    return given && { content: messages.video(given), shown: { type: "video", mediaID: given.mediaID } };
}

/** @returns {Promise<Act | null>} */
async function place() {
    const given = await askPlace();
    return given && { content: messages.location(given), shown: { type: "location", ...given } };
}

/** @returns {Promise<Act | null>} */
async function link() {
    const given = await ask({
        title: "发送链接", action: "发送", fields: [
            { name: "title", label: "标题 Title", value: "一篇文章" },
            { name: "description", label: "说明 Description", value: "文章的摘要", isOptional: true },
            { name: "url", label: "Url", value: "https://example.com/?a=1&b=2" },
        ],
    });
    return given && { content: messages.link(given), shown: { type: "link", ...given } };
}

/** @returns {Promise<Act | null>} */
async function file() {
    const given = await ask({
        title: "发送文件", action: "发送", fields: [
            { name: "title", label: "文件名 Title", value: "说明.pdf" },
            { name: "length", label: "大小 FileTotalLen", kind: "number", value: 20480 },
        ],
    });
    return given && { content: messages.file(given), shown: { type: "file", ...given } };
}

/** @returns {Promise<Act | null>} */
async function scan() {
    const given = await askScene();
    return given && { content: messages.scan(given.scene), note: `你扫了二维码，场景值 ${given.scene}` };
}

/** @returns {Promise<Act | null>} */
async function reportPlace() {
    const given = await ask({
        title: "上报地理位置", action: "上报", note: "用户进入聊天时自动发出的 LOCATION 事件。",
        fields: [...placeFields.slice(1, 3), { name: "precision", label: "精度（米）", kind: "number", value: 65 }],
        check: placeCheck,
    });
    return given && { content: messages.reportedLocation(given), note: "手机上报了你的位置" };
}

/** @returns {Promise<Act | null>} */
async function otherEvent() {
    const given = await ask({
        title: "其他事件", action: "发送", note: "任何事件：名称，以及 Event 之后的元素，每行一个“名称=值”。",
        fields: [
            { name: "name", label: "Event", value: "user_get_card" },
            { name: "lines", label: "元素", kind: "area", value: "CardId=card-1\nUserCardCode=12312312", isOptional: true },
        ],
        check: ({ lines }) => (elementsOf(lines) ? null : "每行写成 名称=值，名称是字母、数字和 _"),
    });
    return given && { content: messages.event(given.name, elementsOf(given.lines)), note: `事件 ${given.name}` };
}

/** @returns {import("./message-xml.js").Element[] | null} */
function elementsOf(lines) {
    const filled = lines.split("\n").filter((line) => line.trim());
    const elements = filled.map((line) => line.match(/^\s*([A-Za-z_]\w*)=(.*)$/));
    return elements.every(Boolean) ? elements.map(([, name, value]) => [name, value.trim()]) : null;
}

let count = 0;
function newMediaID() {
    count += 1;
    return `simulated-media-${Date.now().toString(36)}-${count}`;
}

/** @type {Action[]} */
export const actions = [
    { name: "图片", icon: "image", act: image },
    { name: "位置", icon: "pin", act: place },
    { name: "视频", icon: "play", act: video },
    { name: "文件", icon: "file", act: file },
    { name: "链接", icon: "link", act: link },
    { name: "扫一扫", icon: "scan", act: scan },
    { name: "上报位置", icon: "compass", act: reportPlace },
    { name: "其他事件", icon: "bolt", act: otherEvent },
];
