/** The platform's signatures: lower-case hexadecimal SHA-1 of texts that are sorted bytewise and joined. */

import { byteOrder, hex, joined, utf8 } from "./bytes.js";

/**
 * The signature over texts: Token, timestamp and nonce, and for `msg_signature` the text of `Encrypt` too.
 * @param {...string} texts
 * @returns {Promise<string>}
 */
export async function signature(...texts) {
    const sorted = texts.map(utf8).sort(byteOrder);
    return hex(new Uint8Array(await crypto.subtle.digest("SHA-1", joined(...sorted))));
}
