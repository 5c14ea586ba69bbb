/** Signs messages and, in the account's mode, encrypts them: what the platform does before it delivers. */

import { MessageCipher } from "./cipher.js";
import { written } from "./message-xml.js";
import { signature } from "./signature.js";

/**
 * A request to the account's URL.
 * @typedef {object} CallbackRequest
 * @property {"GET" | "POST"} method
 * @property {string} path
 * @property {[name: string, value: string][]} query
 * @property {string} [body]
 */

/** What the platform signs and encrypts with, for one account. */
export class PlatformSeal {
    /** @param {import("./settings.js").AccountSettings} account */
    constructor(account) {
        this.account = account;
        this.mode = account.mode;
        this.cipher = null;
    }

    /** @param {import("./settings.js").AccountSettings} account */
    static async of(account) {
        const seal = new PlatformSeal(account);
        if (account.mode !== "plain") seal.cipher = await MessageCipher.of(account.aesKey);
        return seal;
    }

    /** The signature over the Token and other texts. */
    signature(...texts) {
        return signature(this.account.token, ...texts);
    }

    /** The query that every request carries. */
    async query(timestamp, nonce) {
        return [["signature", await this.signature(timestamp, nonce)], ["timestamp", timestamp], ["nonce", nonce]];
    }

    /**
     * The request that carries a message.
     * @param {import("./message-xml.js").PreparedMessage} message
     * @returns {Promise<CallbackRequest>}
     */
    async request(message) {
        const { timestamp, nonce } = moment();
        const query = [...(await this.query(timestamp, nonce)), ["openid", message.openID]];
        let body = message.xml;
        if (this.cipher) {
            const encrypted = await this.cipher.encrypt(message.xml, this.account.appID);
            query.push(["encrypt_type", "aes"]);
            query.push(["msg_signature", await this.signature(timestamp, nonce, encrypted)]);
            body = this.#envelope(message, encrypted);
        }
        return { method: "POST", path: this.account.path, query, body };
    }

    /** A request as someone else might make it: the message in plain text, and nothing that proves where it is from. */
    unsigned(message) {
        return { method: "POST", path: this.account.path, query: [["openid", message.openID]], body: message.xml };
    }

    /** The request that verifies the URL. */
    async verification(echostr) {
        const { timestamp, nonce } = moment();
        const query = [...(await this.query(timestamp, nonce)), ["echostr", echostr]];
        return { method: "GET", path: this.account.path, query };
    }

    /** The encrypted body: by itself, or in compatible mode beside what it encrypts. */
    #envelope(message, encrypted) {
        const element = written(["Encrypt", encrypted]);
        if (this.mode !== "compatible") {
            return `<xml>\n    ${written(["ToUserName", message.receiver])}\n    ${element}\n</xml>\n`;
        }
        const end = message.xml.lastIndexOf("</xml>");
        return `${message.xml.slice(0, end)}${element}${message.xml.slice(end)}`;
    }
}

/** Path and query as they go over the line. */
export function target({ path, query }) {
    const pairs = query.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
    return `${path}${path.includes("?") ? "&" : "?"}${pairs.join("&")}`;
}

function moment() {
    const nonce = 100_000_000 + (crypto.getRandomValues(new Uint32Array(1))[0] % 1_900_000_000);
    return { timestamp: String(Math.floor(Date.now() / 1000)), nonce: String(nonce) };
}
