/** Who holds the phone, and whether they follow the account. */

import { personAvatar } from "./chat-view.js";
import { byID, icon, make } from "./dom.js";
import { isOpenID } from "./people.js";

/**
 * @typedef {object} PeopleEvents
 * @property {(openID: string) => void} choose
 * @property {() => void} follow
 * @property {() => void} leave
 */

export class PeopleView {
    #dialog = /** @type {HTMLDialogElement} */ (byID("people"));
    #button = byID("person");
    #people;
    #events;

    /**
     * @param {import("./people.js").People} people
     * @param {PeopleEvents} events
     */
    constructor(people, events) {
        this.#people = people;
        this.#events = events;
        this.#button.addEventListener("click", () => this.#open());
    }

    /** Shows who holds the phone now. */
    update() {
        const { current } = this.#people;
        this.#button.replaceChildren(personAvatar(current), make("span", { class: "name" }, current.name), icon("down"));
        this.#button.setAttribute("aria-label", `当前用户：${current.name}（${current.openID}）`);
    }

    #open() {
        const { all, current } = this.#people;
        const fault = make("p", { class: "fault", role: "alert" });
        const input = make("input", {
            id: "new-openid", type: "text", value: `oUser${all.length + 1}`, spellcheck: "false", autocomplete: "off",
        });
        const add = (event) => {
            event.preventDefault();
            const openID = input.value.trim();
            if (isOpenID(openID)) this.#choose(openID);
            else fault.textContent = "OpenID 是字母、数字、- 和 _";
        };
        this.#dialog.replaceChildren(
            make("h2", { id: "people-title" }, "用户"),
            make("div", { class: "people-list" }, ...all.map((person) => this.#row(person, person === current))),
            make(
                "form", { class: "inline-form", submit: add }, make("label", { for: "new-openid" }, "新用户的 OpenID"),
                make("div", { class: "pair" }, input, make("button", { type: "submit", class: "plain" }, "添加")), fault),
            make(
                "div", { class: "actions" }, this.#followButton(current),
                make("button", { type: "button", class: "primary", click: () => this.#dialog.close() }, "完成")));
        this.#dialog.showModal();
    }

    #row(person, isCurrent) {
        return make(
            "button", {
                type: "button", class: "person-row", "aria-pressed": String(isCurrent),
                click: () => this.#choose(person.openID),
            }, personAvatar(person),
            make("span", { class: "who" }, make("span", {}, person.name), make("span", { class: "openid" }, person.openID)),
            make("span", { class: "follows" }, person.follows ? "已关注" : "未关注"), isCurrent && icon("check"));
    }

    #followButton(person) {
        const act = person.follows ? this.#events.leave : this.#events.follow;
        const click = () => {
            this.#dialog.close();
            act();
        };
        return make(
            "button", { type: "button", class: person.follows ? "plain danger" : "plain", click },
            person.follows ? "取消关注" : "关注公众号");
    }

    #choose(openID) {
        this.#dialog.close();
        this.#events.choose(openID);
    }
}
