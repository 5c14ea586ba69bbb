/**
 * The platform's encryption of messages: AES-256 in CBC mode with the first half of the key as its start value.
 *
 * Under it are 16 random bytes, the message's length as 4 bytes, big end first, the message, the AppID, and padding to a
 * multiple of 32 bytes. Web Crypto knows padding to 16 only, and insists on it; so both directions go around that.
 */

import { base64, bytesOfBase64, joined, utf8 } from "./bytes.js";

const AES_BLOCK = 16;
const PADDING_BLOCK = 32;
const HEAD = 20;

/** Why a text does not open. */
export class CipherError extends Error {
    /** @param {"base64" | "length" | "padding" | "content"} code */
    constructor(code) {
        super(code);
        this.code = code;
    }
}

/** The cipher of an account. */
export class MessageCipher {
    #key;
    #start;

    /**
     * @param {CryptoKey} key
     * @param {Uint8Array} start
     */
    constructor(key, start) {
        this.#key = key;
        this.#start = start;
    }

    /**
     * @param {string} encodingAESKey The 43 characters of the platform's settings page.
     * @returns {Promise<MessageCipher>}
     */
    static async of(encodingAESKey) {
        const bytes = bytesOfBase64(`${encodingAESKey}=`);
        if (bytes?.length !== 32) throw new CipherError("length");
        const key = await crypto.subtle.importKey("raw", bytes, "AES-CBC", false, ["encrypt", "decrypt"]);
        return new MessageCipher(key, bytes.slice(0, AES_BLOCK));
    }

    /**
     * Encrypts a message.
     * @param {string} message
     * @param {string} appID The AppID that it carries.
     * @param {Uint8Array} [random] The 16 bytes before it, for what has to come out the same twice.
     * @returns {Promise<string>} What stands in `Encrypt`.
     */
    async encrypt(message, appID, random = crypto.getRandomValues(new Uint8Array(16))) {
        const text = utf8(message);
        const length = new Uint8Array(4);
        new DataView(length.buffer).setUint32(0, text.length);
        const content = joined(random, length, text, utf8(appID));
        const count = PADDING_BLOCK - (content.length % PADDING_BLOCK);
        const padded = joined(content, new Uint8Array(count).fill(count));
        const encrypted = await this.#encrypt(this.#start, padded);
        // The block that Web Crypto's own padding adds is cut off again.
        return base64(encrypted.subarray(0, padded.length));
    }

    /**
     * Decrypts what stands in `Encrypt`.
     * @param {string} text
     * @returns {Promise<{message: Uint8Array, appID: Uint8Array}>}
     * @throws {CipherError}
     */
    async decrypt(text) {
        const encrypted = bytesOfBase64(text);
        if (!encrypted) throw new CipherError("base64");
        if (encrypted.length < PADDING_BLOCK || encrypted.length % AES_BLOCK !== 0) throw new CipherError("length");
        return opened(unpadded(await this.#decryptPadded(encrypted)));
    }

    /**
     * Web Crypto refuses what does not end with padding of 1 to 16. So it is given one block more: nothing at all,
     * encrypted behind the last block, is a block of padding and nothing else, and that is what it takes off.
     */
    async #decryptPadded(encrypted) {
        const last = encrypted.slice(-AES_BLOCK);
        const more = await this.#encrypt(last, new Uint8Array(0));
        const algorithm = { name: "AES-CBC", iv: this.#start };
        return new Uint8Array(await crypto.subtle.decrypt(algorithm, this.#key, joined(encrypted, more)));
    }

    async #encrypt(start, bytes) {
        return new Uint8Array(await crypto.subtle.encrypt({ name: "AES-CBC", iv: start }, this.#key, bytes));
    }
}

/** Takes off the padding of 1 to 32 bytes. */
function unpadded(bytes) {
    const count = bytes[bytes.length - 1];
    const isPadding = count >= 1 && count <= PADDING_BLOCK && bytes.subarray(-count).every((byte) => byte === count);
    if (!isPadding) throw new CipherError("padding");
    return bytes.subarray(0, bytes.length - count);
}

/** Takes a decrypted text apart. */
function opened(content) {
    if (content.length < HEAD) throw new CipherError("content");
    const length = new DataView(content.buffer, content.byteOffset).getUint32(HEAD - 4);
    if (length > content.length - HEAD) throw new CipherError("content");
    return { message: content.slice(HEAD, HEAD + length), appID: content.slice(HEAD + length) };
}
