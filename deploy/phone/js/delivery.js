/** One request to the account's URL, for as long as the platform waits. */

import { target } from "./callback-request.js";
import { joined } from "./bytes.js";
import { DeliveryFault } from "./faults.js";

/** The answer is larger than any that the platform understands. */
const ANSWER_LIMIT = 4 << 20;

/**
 * Sends a request and waits for the whole answer.
 * @param {import("./callback-request.js").CallbackRequest} request
 * @param {{patience: number, seconds: number}} rule How long to wait in milliseconds, and what the platform calls that.
 * @returns {Promise<import("./answer-reader.js").CallbackAnswer>}
 * @throws {DeliveryFault}
 */
export async function deliver(request, { patience, seconds }) {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), patience);
    const progress = { bytes: /** @type {number | null} */ (null) };
    try {
        return await exchange(request, abort.signal, progress);
    } catch (error) {
        if (error instanceof DeliveryFault) throw error;
        if (abort.signal.aborted) {
            throw progress.bytes === null
                ? new DeliveryFault("timeout", { seconds }) : new DeliveryFault("stalled", { bytes: progress.bytes });
        }
        throw new DeliveryFault(progress.bytes === null ? "unreachable" : "cutShort");
    } finally {
        clearTimeout(timer);
        abort.abort();
    }
}

async function exchange(request, signal, progress) {
    const response = await fetch(target(request), {
        method: request.method, body: request.body, signal,
        headers: request.body === undefined ? {} : { "Content-Type": "text/xml" },
        // The platform follows no redirects, and the page's own address is nobody's business.
        redirect: "manual", cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer",
    });
    if (response.type === "opaqueredirect") throw new DeliveryFault("redirect");
    progress.bytes = 0;
    return {
        status: response.status, headers: Array.from(response.headers),
        contentType: response.headers.get("Content-Type"), body: await wholeBody(response, progress),
    };
}

async function wholeBody(response, progress) {
    const pieces = [];
    if (!response.body) return new Uint8Array(0);
    const reader = response.body.getReader();
    for (;;) {
        const { done, value } = await reader.read();
        if (done) return joined(...pieces);
        pieces.push(value);
        progress.bytes += value.length;
        if (progress.bytes > ANSWER_LIMIT) throw new DeliveryFault("tooLarge", { limit: ANSWER_LIMIT });
    }
}
