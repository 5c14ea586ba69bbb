/** Reads answers as the platform does, as far as that is known. */

import { bytesOfBase64, textOf, utf8, byteOrder } from "./bytes.js";
import { Fields, requiredText, seconds } from "./envelope.js";
import { DeliveryFault, warnings } from "./faults.js";
import { readReply } from "./reply-reader.js";

/**
 * What came back from the account's URL.
 * @typedef {{status: number, headers: [string, string][], contentType: string | null, body: Uint8Array}} CallbackAnswer
 *
 * What the platform makes of it: the reply, `null` where the account has nothing to say, or why it cannot be used. `xml` is
 * the reply's envelope after decryption, where it got that far.
 * @typedef {object} AnswerReading
 * @property {import("./reply-reader.js").Reply | null} [reply]
 * @property {DeliveryFault} [fault]
 * @property {string} [xml]
 * @property {string[]} warnings
 */

/**
 * Reads an answer.
 * @param {CallbackAnswer} answer
 * @param {import("./callback-request.js").PlatformSeal} seal
 * @param {import("./message-xml.js").PreparedMessage} message
 * @param {number} now In seconds since 1970.
 * @returns {Promise<AnswerReading>}
 */
export async function readAnswer(answer, seal, message, now) {
    /** @type {AnswerReading} */
    const reading = { warnings: [] };
    try {
        reading.reply = await read(answer, seal, message, now, reading);
    } catch (error) {
        if (!(error instanceof DeliveryFault)) throw error;
        reading.fault = error;
    }
    return reading;
}

async function read(answer, seal, message, now, reading) {
    if (answer.status !== 200) throw new DeliveryFault("status", { status: answer.status });
    if (answer.body.length === 0 || textOf(answer.body) === "success") return null;
    let fields = envelopeFields(answer.body);
    const mediaType = answer.contentType?.split(";")[0].trim().toLowerCase() ?? null;
    if (mediaType !== "text/xml" && mediaType !== "application/xml") {
        reading.warnings.push(warnings.contentType(mediaType));
    }
    if (fields.has("Encrypt")) {
        const xml = await decrypted(fields, seal);
        reading.xml = textOf(xml) ?? undefined;
        fields = envelopeFields(xml);
    } else {
        reading.xml = textOf(answer.body) ?? undefined;
        if (seal.mode === "secure") throw new DeliveryFault("notEncrypted");
    }
    return readReply(fields, message, now, reading.warnings);
}

/** The elements of an envelope. The parser forgives what the platform does not, so that is looked for before. */
function envelopeFields(body) {
    if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) throw new DeliveryFault("byteOrderMark");
    const text = textOf(body);
    if (text === null) throw new DeliveryFault("notUTF8");
    const start = text.trimStart();
    if ("{[\"".includes(start[0] ?? " ")) throw new DeliveryFault("json");
    if (start[0] !== "<") throw new DeliveryFault("notXML");
    const tag = start.slice(0, 16).toLowerCase();
    if (tag.startsWith("<!doctype") || tag.startsWith("<html")) throw new DeliveryFault("html");
    if (tag.startsWith("<?xml") && start.length < text.length) throw new DeliveryFault("spaceBeforeDeclaration");
    if (body.some((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d)) {
        throw new DeliveryFault("controlCharacters");
    }
    const fields = Fields.parse(start);
    if (!fields) throw new DeliveryFault("notXML");
    return fields;
}

/** Opens an encrypted answer: the platform's page on message encryption. */
async function decrypted(envelope, seal) {
    if (!seal.cipher) throw new DeliveryFault("unexpectedlyEncrypted");
    const [encrypted, signature, timestamp, nonce] =
        ["Encrypt", "MsgSignature", "TimeStamp", "Nonce"].map((name) => requiredText(envelope, name));
    if (signature !== (await seal.signature(timestamp, nonce, encrypted))) throw new DeliveryFault("wrongSignature");
    if (seconds(timestamp) === null) throw new DeliveryFault("notSeconds", { element: "TimeStamp" });
    const bytes = bytesOfBase64(encrypted);
    if (bytes && bytes.length % 32 !== 0) throw new DeliveryFault("paddingNot32");
    const opened = await seal.cipher.decrypt(encrypted).catch(() => null);
    if (!opened) throw new DeliveryFault("undecryptable");
    if (byteOrder(opened.appID, utf8(seal.account.appID)) !== 0) throw new DeliveryFault("wrongAppID");
    return opened.message;
}
