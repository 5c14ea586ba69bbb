/** Puts the page together: what the user does goes to the platform, what the platform says goes to the chat. */

import * as actions from "./actions.js";
import { ChatView } from "./chat-view.js";
import { Composer } from "./composer.js";
import { byID } from "./dom.js";
import { InspectorView } from "./inspector-view.js";
import { readMenu, tapped } from "./menu.js";
import * as messages from "./messages.js";
import { People } from "./people.js";
import { PeopleView } from "./people-view.js";
import { Platform } from "./platform.js";
import { accountFault, SettingsStore } from "./settings.js";
import { SettingsView } from "./settings-view.js";

/** The whole page. */
class Phone {
    #store = new SettingsStore();
    /** @type {Map<string, string>} What the media IDs of sent pictures stand for. */
    #pictures = new Map();

    constructor() {
        const hasFragment = this.#store.takeFragment();
        this.people = new People(this.#store.value.openID);
        this.platform = new Platform(() => this.#store.value, (exchange) => this.inspector.update(exchange));
        this.chat = new ChatView({
            picture: (mediaID) => this.#pictures.get(mediaID),
            tapMenuMessage: (content, id) =>
                this.#act({ content: messages.text(content, id), shown: { type: "text", text: content } }),
            say: (text) => this.#note(text),
        }, (exchangeID) => this.#inspect(exchangeID));
        this.inspector = new InspectorView({
            again: (exchange) => this.#again(exchange, 1), twice: (exchange) => this.#again(exchange, 2),
            asNew: (exchange) => this.#sendAsNew(exchange), verify: () => this.#whenReady(() => this.platform.verify()),
            unsigned: (exchange) => this.#whenReady(() => this.platform.sendUnsigned(exchange)),
        });
        this.composer = new Composer({
            text: (text) => this.#act({ content: messages.text(text), shown: { type: "text", text } }),
            act: async (ask) => this.#act(await ask(this.#store.value)),
            menu: async (button) =>
                this.#act(await tapped(button, (kind) =>
                    kind === "code" ? actions.askCode() : actions.askPlace("选择位置"))),
        });
        this.peopleView = new PeopleView(this.people, {
            choose: (openID) => this.#choose(openID), follow: () => this.#follow(), leave: () => this.#leave(),
        });
        this.settingsView = new SettingsView(this.#store, () => this.#settingsChanged());
        this.#listen();
        this.#settingsChanged();
        this.#showPerson();
        if (!hasFragment || accountFault(this.#store.value.account)) this.#whenReady(() => {});
    }

    #listen() {
        byID("follow").addEventListener("click", () => this.#follow());
        byID("follow-by-code").addEventListener("click", async () => {
            const given = await actions.askScene();
            if (given) this.#follow(given.scene);
        });
        byID("show-inspector").addEventListener("click", () => this.#showPanel("inspector"));
        byID("show-phone").addEventListener("click", () => this.#showPanel("phone"));
        window.addEventListener("hashchange", () => {
            if (this.#store.takeFragment()) this.#settingsChanged();
        });
    }

    /** Does something that takes a Token; asks for one where there is none that can be. */
    #whenReady(act) {
        const fault = accountFault(this.#store.value.account);
        if (!fault) return act();
        this.settingsView.open(
            this.#store.value.account.token ? fault.text : "请填写和公众平台上相同的 Token；deploy/quickstart 打印的地址里已经带有它。");
        return undefined;
    }

    /** @param {import("./actions.js").Act | null} act */
    #act(act) {
        if (!act) return;
        this.#whenReady(() => {
            const person = this.people.current;
            if (act.shown?.source) this.#pictures.set(act.shown.mediaID, act.shown.source);
            const entry = act.shown
                ? { from: "user", time: new Date(), content: act.shown }
                : { from: "note", time: new Date(), content: { text: act.note } };
            this.chat.add(person, entry);
            this.#deliver(person, act, entry);
        });
    }

    /** Has the platform deliver what somebody did, and shows what comes of it. */
    async #deliver(person, { content, shown, note }, entry) {
        const message = this.platform.prepare(content, person.openID);
        const begun = ({ number }) => number > 1 && this.chat.setState(entry, `第 ${number} 次投递…`);
        const exchange = await this.platform.send(message, { title: title(message, shown, note), content }, begun);
        this.chat.setState(entry, "");
        // Whoever has left sees nothing of what the account says to that.
        if (message.name === "event unsubscribe") return;
        const { reply, fault } = exchange.deliveries.at(-1).reading;
        if (fault) this.chat.add(person, { from: "notice", time: new Date(), content: {}, exchangeID: exchange.id });
        else this.#showReply(person, reply, exchange.id);
    }

    #showReply(person, reply, exchangeID) {
        if (!reply) return;
        const entry = reply.type === "transfer"
            ? { from: "note", content: { text: "已转给人工客服；这里没有客服" } } : { from: "account", content: reply };
        this.chat.add(person, { ...entry, time: new Date(), exchangeID });
    }

    #again(earlier, count) {
        this.#whenReady(async () => {
            const person = this.people.find(earlier.openID) ?? this.people.current;
            const exchange = await this.platform.again(earlier, count);
            for (const { reading } of exchange.deliveries) this.#showReply(person, reading.reply, exchange.id);
        });
    }

    #sendAsNew(earlier) {
        this.#whenReady(() => {
            const person = this.people.find(earlier.openID) ?? this.people.current;
            const note = `再次发送：${earlier.subject}`;
            const entry = { from: "note", time: new Date(), content: { text: note } };
            this.chat.add(person, entry);
            this.#deliver(person, { content: earlier.content, note: earlier.subject }, entry);
        });
    }

    #follow(scene) {
        this.#whenReady(() => {
            this.people.current.follows = true;
            this.#showFollowing();
            this.#act({ content: messages.subscribe(scene), note: scene ? `你扫码关注了公众号，场景值 ${scene}` : "你关注了公众号" });
            this.composer.focus();
        });
    }

    #leave() {
        this.#whenReady(() => {
            this.people.current.follows = false;
            this.#act({ content: messages.unsubscribe(), note: "你取消了关注" });
            this.#showFollowing();
            byID("follow").focus();
        });
    }

    #choose(openID) {
        this.people.choose(openID);
        this.#showPerson();
        byID("person").focus();
    }

    #note(text) {
        this.chat.add(this.people.current, { from: "note", time: new Date(), content: { text } });
    }

    #showPerson() {
        this.chat.show(this.people.current);
        this.#showFollowing();
    }

    #showFollowing() {
        const { follows } = this.people.current;
        byID("composer").hidden = !follows;
        byID("following").hidden = follows;
        this.peopleView.update();
    }

    #settingsChanged() {
        const { account, menu, speed } = this.#store.value;
        const read = readMenu(menu);
        this.composer.setMenu("buttons" in read ? read.buttons : []);
        byID("original-id").textContent = account.originalID;
        byID("speed").hidden = speed === 1;
        byID("speed").textContent = `clock × ${speed}`;
    }

    #inspect(exchangeID) {
        this.#showPanel("inspector");
        this.inspector.show(exchangeID);
    }

    /** Which of the two is there where there is no room for both. */
    #showPanel(name) {
        document.body.dataset.panel = name;
        if (name === "phone") this.chat.toEnd();
        const isNarrow = getComputedStyle(byID("show-inspector")).display !== "none" || name === "phone";
        if (isNarrow) byID(name === "phone" ? "show-inspector" : "show-phone").focus();
    }
}

/** How an exchange is called in the list of them. */
function title(message, shown, note) {
    if (shown?.type === "text") return shown.text;
    return note ?? message.name;
}

/** Says why nothing can be done here, instead of a phone on which nothing works. */
function refuse() {
    history.replaceState(null, "", location.pathname);
    for (const part of document.querySelectorAll("main, aside")) part.hidden = true;
    byID("insecure").hidden = false;
}

// Without a secure context a page may neither sign nor encrypt.
if (globalThis.isSecureContext && globalThis.crypto?.subtle) new Phone();
else refuse();
