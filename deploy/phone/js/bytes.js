/** Texts and bytes, and the two ways in which bytes are written as text here. */

const encoder = new TextEncoder();

/**
 * A text as UTF-8.
 * @param {string} text
 * @returns {Uint8Array}
 */
export const utf8 = (text) => encoder.encode(text);

/**
 * The text that bytes are in UTF-8. A byte order mark is kept, since it is one of the things that are looked for.
 * @param {Uint8Array} bytes
 * @returns {string | null} `null` where they are not UTF-8.
 */
export function textOf(bytes) {
    try {
        return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
        return null;
    }
}

/**
 * The text of bytes, for showing: what is not UTF-8 becomes U+FFFD.
 * @param {Uint8Array} bytes
 */
export const shownText = (bytes) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);

/**
 * Several pieces one behind the other.
 * @param {...Uint8Array} pieces
 */
export function joined(...pieces) {
    const whole = new Uint8Array(pieces.reduce((count, piece) => count + piece.length, 0));
    let offset = 0;
    for (const piece of pieces) {
        whole.set(piece, offset);
        offset += piece.length;
    }
    return whole;
}

/**
 * The order of two byte strings, byte by byte: not that of JavaScript's strings, which compares UTF-16.
 * @param {Uint8Array} left
 * @param {Uint8Array} right
 */
export function byteOrder(left, right) {
    const count = Math.min(left.length, right.length);
    for (let index = 0; index < count; index += 1) {
        if (left[index] !== right[index]) return left[index] - right[index];
    }
    return left.length - right.length;
}

/**
 * Lower-case hexadecimal.
 * @param {Uint8Array} bytes
 */
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * Base64 (RFC 4648, section 4).
 * @param {Uint8Array} bytes
 */
export function base64(bytes) {
    let binary = "";
    // In pieces, since a function takes only so many arguments.
    for (let index = 0; index < bytes.length; index += 8192) {
        binary += String.fromCharCode(...bytes.subarray(index, index + 8192));
    }
    return btoa(binary);
}

/**
 * The bytes of a base64 text, white space in it or not.
 * @param {string} text
 * @returns {Uint8Array | null} `null` where it is no base64.
 */
export function bytesOfBase64(text) {
    try {
        return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    } catch {
        return null;
    }
}
