/** The settings as a form: what the account's owner typed on the platform's settings page, and the menu. */

import { byID, make } from "./dom.js";
import { readMenu } from "./menu.js";
import { accountFault } from "./settings.js";

/** Not shown as it is; the empty placeholder lets the style tell an empty field from another. */
const SECRET = { class: "secret", placeholder: " " };
const MODES = [["plain", "明文"], ["compatible", "兼容"], ["secure", "安全"]];

export class SettingsView {
    #dialog = /** @type {HTMLDialogElement} */ (byID("settings"));
    #store;
    #changed;

    /**
     * @param {import("./settings.js").SettingsStore} store
     * @param {() => void} changed
     */
    constructor(store, changed) {
        this.#store = store;
        this.#changed = changed;
        byID("open-settings").addEventListener("click", () => this.open());
    }

    /** @param {string} [note] Why the form is there by itself. */
    open(note) {
        const { account, menu } = this.#store.value;
        const fault = make("p", { class: "fault", role: "alert", id: "settings-fault" });
        const form = /** @type {HTMLFormElement} */ (make(
            "form", { method: "dialog" }, make("h2", { id: "settings-title" }, "服务器配置"),
            note && make("p", { class: "hint" }, note),
            this.#field("token", "Token", account.token, "令牌，3–32 位字母或数字", SECRET),
            this.#modes(account.mode),
            make(
                "div", { class: "encryption" }, this.#field("appID", "AppID", account.appID, "加密时需要"),
                this.#field("aesKey", "EncodingAESKey", account.aesKey, "43 位，加密时需要", SECRET)),
            this.#field("path", "URL 的路径", account.path, "在本页所在的服务器上"),
            this.#field("originalID", "公众号原始 ID", account.originalID, "ToUserName"),
            this.#menuField(menu),
            make("p", { class: "hint" }, "只保存在这个标签页里，关闭后就没有了。客服接口发出的消息在这里看不到。"),
            make(
                "div", { class: "foot" }, fault,
                make(
                    "div", { class: "actions" },
                    make("button", { type: "button", class: "plain", click: () => this.#dialog.close() }, "取消"),
                    make("button", { type: "submit", class: "primary" }, "保存")))));
        form.addEventListener("submit", (event) => {
            event.preventDefault();
            this.#take(form, fault);
        });
        this.#dialog.replaceChildren(form);
        if (!this.#dialog.open) this.#dialog.showModal();
    }

    #take(form, fault) {
        const data = new FormData(form);
        const text = (name) => String(data.get(name) ?? "").trim();
        const account = {
            token: text("token"), appID: text("appID"), aesKey: text("aesKey"), mode: text("mode"), path: text("path"),
            originalID: text("originalID"),
        };
        const menu = text("menu") || '{"button":[]}';
        const wrong = accountFault(account) ?? menuFault(menu);
        for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
        fault.textContent = wrong?.text ?? "";
        if (wrong) {
            const input = /** @type {HTMLElement} */ (form.elements.namedItem(wrong.name));
            input.setAttribute("aria-invalid", "true");
            input.focus();
            return;
        }
        this.#store.change({ account, menu });
        this.#dialog.close();
        this.#changed();
    }

    #field(name, label, value, hint, attributes = {}) {
        const id = `setting-${name}`;
        return make(
            "div", { class: "field" }, make("label", { for: id }, label),
            make("input", {
                id, name, type: "text", value, "aria-describedby": `${id}-hint`, autocomplete: "off", spellcheck: "false",
                ...attributes,
            }),
            make("span", { class: "hint", id: `${id}-hint` }, hint));
    }

    #modes(mode) {
        return make("fieldset", { class: "modes" }, make("legend", {}, "消息加解密方式"), ...MODES.map(([value, label]) =>
            make("label", {}, make("input", { type: "radio", name: "mode", value, checked: value === mode }), label)));
    }

    #menuField(menu) {
        return make(
            "details", { class: "menu-setting" }, make("summary", {}, "自定义菜单（JSON）"),
            make("div", { class: "field" }, make("label", { for: "setting-menu", class: "spoken" }, "自定义菜单（JSON）"),
                make("textarea", { id: "setting-menu", name: "menu", rows: 10, spellcheck: "false" }, menu)));
    }
}

function menuFault(menu) {
    const read = readMenu(menu);
    return "fault" in read ? { name: "menu", text: read.fault } : null;
}
