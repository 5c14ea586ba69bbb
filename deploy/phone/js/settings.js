/**
 * What the account's owner typed on the platform's settings page, and what else the page has to know. It is kept for as
 * long as the tab is open and no longer, since there are secrets in it.
 */

import { defaultMenu, readMenu } from "./menu.js";

/**
 * @typedef {object} AccountSettings
 * @property {string} token
 * @property {string} appID
 * @property {string} aesKey EncodingAESKey: 43 characters.
 * @property {"plain" | "compatible" | "secure"} mode
 * @property {string} path The path of the account's URL, on the server that this page comes from.
 * @property {string} originalID The account's original ID: `ToUserName` of what users send.
 *
 * @typedef {object} Settings
 * @property {AccountSettings} account
 * @property {string} menu The menu as the platform's interface takes it, JSON.
 * @property {string} openID Whom the page begins with.
 * @property {number} speed How many times faster than the platform's clock this one goes; for tests.
 */

const STORAGE_KEY = "simulated-phone";

/** What each value has to be, and what is said where it is not. */
const rules = {
    token: [/^[A-Za-z0-9]{3,32}$/, "Token 是 3–32 位字母或数字"],
    appID: [/^[A-Za-z0-9_-]{1,64}$/, "请填写 AppID，在公众平台的同一页上"],
    aesKey: [/^[A-Za-z0-9+/]{43}$/, "EncodingAESKey 是 43 位字母或数字"],
    mode: [/^(plain|compatible|secure)$/, "请选一种消息加解密方式"],
    // A second slash, either way, would make it another server's.
    path: [/^\/(?![/\\])[^\s#\\]*$/, "路径以一个 / 开头"],
    originalID: [/^[A-Za-z0-9_-]{1,64}$/, "原始 ID 由字母、数字和 _ 组成"],
};

/** Names in the page's address, as the configuration of wechat-fcgi has them. */
const names = {
    token: "token", app_id: "appID", aes_key: "aesKey", mode: "mode", path: "path", original_id: "originalID",
};

/** @returns {Settings} */
const defaults = () => ({
    account: { token: "", appID: "", aesKey: "", mode: "plain", path: "/wechat", originalID: "gh_simulated" },
    menu: defaultMenu, openID: "oUser1", speed: 1,
});

/**
 * What is wrong with an account's settings.
 * @param {AccountSettings} account
 * @returns {{name: string, text: string} | null} `null` where nothing is.
 */
export function accountFault(account) {
    const needed = account.mode === "plain"
        ? ["token", "path", "originalID"] : ["token", "appID", "aesKey", "path", "originalID"];
    const name = needed.find((name) => !rules[name][0].test(account[name]));
    return name ? { name, text: rules[name][1] } : null;
}

/** The settings, and the one place that reads and writes what is kept of them. */
export class SettingsStore {
    /** @type {Settings} */
    value;
    #storage;

    /** @param {Storage} storage */
    constructor(storage = sessionStorage) {
        this.#storage = storage;
        this.value = { ...defaults(), ...this.#kept() };
        this.value.account = { ...defaults().account, ...this.value.account };
    }

    /** Changes the settings and keeps them. */
    change(changes) {
        this.value = { ...this.value, ...changes };
        this.#storage.setItem(STORAGE_KEY, JSON.stringify(this.value));
    }

    /**
     * Takes what stands behind the `#` of the page's address, and takes it off the address, where others would read it
     * over a shoulder, in the history or in a bookmark.
     * @returns {boolean} Whether there was anything.
     */
    takeFragment() {
        const fragment = new URLSearchParams(location.hash.slice(1));
        if ([...fragment].length === 0) return false;
        history.replaceState(null, "", location.pathname + location.search);
        const account = { ...this.value.account };
        for (const [name, key] of Object.entries(names)) {
            const given = fragment.get(name);
            if (given !== null && rules[key][0].test(given)) account[key] = given;
        }
        // As wechat-fcgi has it: an account with a key is in secure mode by itself.
        if (fragment.has("aes_key") && !fragment.has("mode")) account.mode = "secure";
        const speed = Number(fragment.get("speed") ?? this.value.speed);
        const openID = fragment.get("openid") ?? this.value.openID;
        this.change({ account, openID, speed: speed > 0 && speed <= 1000 ? speed : 1 });
        return true;
    }

    #kept() {
        try {
            const kept = JSON.parse(this.#storage.getItem(STORAGE_KEY) ?? "{}");
            if (typeof kept.menu !== "string" || "fault" in readMenu(kept.menu)) delete kept.menu;
            return kept;
        } catch {
            return {};
        }
    }
}
