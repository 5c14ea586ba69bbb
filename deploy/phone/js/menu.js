/** The account's menu, as the platform's interface for menus takes it. */

import * as messages from "./messages.js";

/**
 * @typedef {{name: string, type?: string, key?: string, url?: string, pagepath?: string, sub_button?: MenuButton[]}}
 *     MenuButton
 */

/** A menu with one of each kind that a page can play. */
export const defaultMenu = JSON.stringify({
    button: [
        { type: "click", name: "帮助", key: "help" },
        {
            name: "更多",
            sub_button: [
                { type: "click", name: "关于我们", key: "about" },
                { type: "view", name: "打开网页", url: "https://example.com/" },
                { type: "scancode_waitmsg", name: "扫码", key: "scan" },
                { type: "location_select", name: "选择位置", key: "place" },
            ],
        },
    ],
}, null, 2);

const SCANS = ["scancode_push", "scancode_waitmsg"];
const PICTURES = ["pic_sysphoto", "pic_photo_or_album", "pic_weixin"];
const TYPES = ["click", "view", "miniprogram", "location_select", ...SCANS, ...PICTURES];

/**
 * Reads a menu.
 * @param {string} text JSON with a list `button`.
 * @returns {{buttons: MenuButton[]} | {fault: string}}
 */
export function readMenu(text) {
    let menu;
    try {
        menu = JSON.parse(text);
    } catch {
        return { fault: "菜单不是 JSON" };
    }
    // What the interface for reading a menu answers has one more level.
    const buttons = menu?.button ?? menu?.menu?.button;
    if (!Array.isArray(buttons)) return { fault: "菜单里没有 button 列表" };
    if (buttons.length > 3) return { fault: "一级菜单最多 3 个" };
    for (const button of buttons) {
        const fault = buttonFault(button, true);
        if (fault) return { fault };
    }
    return { buttons };
}

function buttonFault(button, mayHaveOthers) {
    if (typeof button?.name !== "string" || !button.name) return "有菜单没有 name";
    const inside = button.sub_button?.list ?? button.sub_button ?? [];
    if (mayHaveOthers && Array.isArray(inside) && inside.length > 0) {
        if (inside.length > 5) return `「${button.name}」的二级菜单最多 5 个`;
        return inside.map((other) => buttonFault(other, false)).find(Boolean) ?? null;
    }
    if (!TYPES.includes(button.type)) return `「${button.name}」的 type 这里不支持`;
    const needed = { view: "url", miniprogram: "pagepath" }[button.type] ?? "key";
    return typeof button[needed] === "string" && button[needed] ? null : `「${button.name}」没有 ${needed}`;
}

/** The buttons inside a button. */
export const inside = (button) => button.sub_button?.list ?? button.sub_button ?? [];

/**
 * What a tap on a button makes the platform send, and what the chat says of it.
 * @param {MenuButton} button
 * @param {(kind: "code" | "place") => Promise<object | null>} ask Asks for what the phone would find out by itself.
 * @returns {Promise<{content: import("./messages.js").Message, note: string} | null>} `null` where it was given up.
 */
export async function tapped(button, ask) {
    const { type, name, key } = button;
    if (type === "click") return { content: messages.click(key), note: `你点了「${name}」` };
    if (type === "view") return { content: messages.view(button.url), note: `你打开了网页 ${button.url}` };
    if (type === "miniprogram") {
        return { content: messages.viewMiniProgram(button.pagepath), note: `你打开了小程序「${name}」` };
    }
    if (PICTURES.includes(type)) return { content: messages.pictures(type, key), note: `你从「${name}」发了一张图片` };
    const found = await ask(SCANS.includes(type) ? "code" : "place");
    if (!found) return null;
    return SCANS.includes(type)
        ? { content: messages.scannedCode(type, key, found.result), note: `你扫了码：${found.result}` }
        : { content: messages.selectedLocation(key, found), note: `你选了位置：${found.label || "未命名"}` };
}
