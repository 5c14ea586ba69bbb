/** The users of the account: each has an OpenID and a chat of their own. */

/**
 * One thing in a chat.
 * @typedef {object} Entry
 * @property {"user" | "account" | "note" | "notice"} from A note is what the phone itself says.
 * @property {Date} time
 * @property {object} content What `bubbles.js` draws.
 * @property {number} [exchangeID] What it came from.
 * @property {string} [state] How far its delivery is.
 *
 * @typedef {object} Person
 * @property {string} openID
 * @property {string} name
 * @property {number} colour Which of the colours of avatars.
 * @property {boolean} follows
 * @property {Entry[]} entries
 */

/** All users, one of whom holds the phone. */
export class People {
    /** @type {Person[]} */
    all = [];
    /** @type {Person} */
    current;
    #storage;

    /**
     * @param {string} openID The first user's.
     * @param {Storage} storage
     */
    constructor(openID, storage = sessionStorage) {
        this.#storage = storage;
        const kept = (storage.getItem("simulated-people") ?? "").split(" ").filter(isOpenID);
        for (const other of new Set([isOpenID(openID) ? openID : "oUser1", ...kept])) this.#make(other);
        this.current = this.all[0];
    }

    /**
     * Lets somebody hold the phone, who is made where there is nobody of that OpenID.
     * @param {string} openID
     */
    choose(openID) {
        this.current = this.find(openID) ?? this.#make(openID);
        this.#storage.setItem("simulated-people", this.all.map((person) => person.openID).join(" "));
        return this.current;
    }

    /** @param {string} openID */
    find(openID) {
        return this.all.find((person) => person.openID === openID);
    }

    #make(openID) {
        const count = this.all.length;
        const person = { openID, name: `用户 ${count + 1}`, colour: count % 6, follows: true, entries: [] };
        this.all.push(person);
        return person;
    }
}

/** @param {string} text */
export const isOpenID = (text) => /^[A-Za-z0-9_-]{1,64}$/.test(text);
